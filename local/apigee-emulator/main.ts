import { Command, InvalidArgumentError, Option } from 'commander';
import { startApigeeEmulator } from './server.ts';

function readPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError('A port is a number from 0 to 65535.');
  return port;
}

/** `node local/apigee-emulator/main.ts --mode x --org demo --port 8085` */
const program = new Command('apigee-emulator')
  .description('Serves the developers resource of one Apigee organisation on the loopback interface.')
  .addOption(new Option('--mode <mode>', 'which flavour').choices(['x', 'edge']).default('x'))
  .option('--org <org>', 'organisation', 'demo')
  .option('--port <port>', 'port; 0 for a free one', readPort, 0)
  .action(async ({ mode, org, port }: { mode: 'x' | 'edge'; org: string; port: number }) => {
    const emulator = await startApigeeEmulator({ mode, org, port });
    console.log(`Apigee emulator (${mode}, organisation ${org}): ${emulator.url}`);
    const stop = (): void => {
      emulator.close().catch((error: unknown) => {
        console.error(error);
        process.exitCode = 1;
      });
    };
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
  });

await program.parseAsync();
