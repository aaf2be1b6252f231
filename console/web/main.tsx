import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { signInByAddress } from './api/sign-in.ts';
import { App } from './app.tsx';
import 'uplot/dist/uPlot.min.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/layout.css';
import './styles/components.css';
import './styles/tables.css';
import './styles/plots.css';

const root = document.querySelector('#root');
if (root === null) throw new Error('the page has no root');
await signInByAddress();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
