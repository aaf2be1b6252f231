import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Made so that the page needs nothing that the console's Content-Security-Policy forbids: no inline code, no data URL. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  logLevel: 'warn',
  plugins: [react()],
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: false,
  },
});
