import { Command, Option } from 'commander';
import process from 'node:process';
import { collect, positive, signalList } from './arguments.ts';
import type { FolderOptions } from './dlq/folder.ts';
import type { ReplayOptions } from './dlq/replay.ts';
import type { ShowOptions } from './dlq/show.ts';
import type { GenerateOptions } from './generate/options.ts';
import { complain, guardOutput } from './terminal.ts';
import { UsageError } from './usage-error.ts';
import { version } from './version.ts';

interface ConfigOptions {
  readonly config: readonly string[];
  readonly set?: readonly string[];
}

/** Runs the command that `argv` names and leaves its exit code in `process.exitCode`. */
export async function main(argv: readonly string[]): Promise<void> {
  guardOutput();
  try {
    await program().parseAsync(argv);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    complain(`sluice: ${error.message}\n`);
    process.exitCode = 1;
  }
}

function program(): Command {
  const root = new Command('sluice')
    .description(
      'A telemetry stream processor: logs, traces and metrics in from everywhere, out to wherever they are needed, ' +
        'composed by one YAML file in the dialect of the OpenTelemetry Collector.',
    )
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help, or that of a command')
    .helpCommand('help [command]', 'print the help of a command')
    .showHelpAfterError('(sluice --help lists the commands)')
    .showSuggestionAfterError();
  addRun(root);
  addInspection(root);
  addSchema(root);
  addGenerate(root);
  addDeadLetters(root);
  return root;
}

/** An exit code as a command gives it. */
function finish(code: number): void {
  process.exitCode = code;
}

const configHelp = 'configuration file; give it again to lay further files over the first';

/** Adds the options that name a configuration. */
function configured(command: Command): Command {
  return command
    .addOption(new Option('-c, --config <file>', configHelp).argParser(collect).makeOptionMandatory())
    .option(
      '-s, --set <path=value>',
      'one option on top, such as exporters.otlp_http.endpoint=http://localhost:4318; may be repeated',
      collect,
    );
}

/** Adds the option that names a configuration for the sake of its plugins. */
function withPlugins(command: Command): Command {
  return command.option('-c, --config <file>', 'configuration file whose plugins count, too; may be repeated', collect);
}

function addRun(root: Command): void {
  configured(root.command('run'))
    .summary('run pipelines')
    .description(
      'Runs the pipelines of a configuration until it is stopped.\n\n' +
        'The first SIGTERM or SIGINT (Ctrl-C) stops the intake, delivers what is under way and ends with exit code 0; a ' +
        'second one ends at once. Mistakes in the configuration are listed all together, and nothing starts (exit code 1).',
    )
    .option('--demo', 'also send a small stream of made-up telemetry to the OTLP receiver on localhost:4318')
    .action(async (options: ConfigOptions & { readonly demo?: true }) => {
      const { run } = await import('./run.ts');
      finish(await run(options.config, options.set ?? [], options.demo === true));
    });
}

function addInspection(root: Command): void {
  configured(root.command('validate'))
    .summary('check a configuration')
    .description(
      'Checks a configuration without starting anything, and lists all mistakes with file, line and column. Exit code 0 means that `run` would start it.',
    )
    .action(async (options: ConfigOptions) => {
      const { validate } = await import('./validate.ts');
      finish(await validate(options.config, options.set ?? []));
    });
  configured(root.command('print-config'))
    .summary('print the configuration in effect')
    .description(
      'Prints what holds after files are merged, ${…} is replaced and defaults are filled in. Secrets are printed as [redacted].',
    )
    .action(async (options: ConfigOptions) => {
      const { printEffective } = await import('./print-config.ts');
      finish(await printEffective(options.config, options.set ?? []));
    });
  configured(root.command('graph'))
    .summary('draw the pipelines')
    .description('Prints who feeds whom: one line a pipeline, or a Mermaid flowchart for a README or a wiki.')
    .addOption(
      new Option('-f, --format <format>', 'text for people, mermaid for pages')
        .choices(['text', 'mermaid'])
        .default('text'),
    )
    .action(async (options: ConfigOptions & { readonly format: 'text' | 'mermaid' }) => {
      const { graph } = await import('./graph.ts');
      finish(await graph(options.config, options.set ?? [], options.format));
    });
}

function addSchema(root: Command): void {
  withPlugins(root.command('components'))
    .summary('list the components')
    .description('Lists every component that a configuration may use: kind, type, signals, stability and what it does.')
    .option('--json', 'print JSON')
    .action(async (options: { readonly config?: readonly string[]; readonly json?: true }) => {
      const { components } = await import('./components.ts');
      finish(await components(options.config ?? [], options.json === true));
    });
  withPlugins(root.command('schema'))
    .summary('print the JSON Schema')
    .description(
      'Prints the JSON Schema of configuration files, for completion and checks in editors. Put\n' +
        '  # yaml-language-server: $schema=./schema.json\n' +
        'on the first line of a configuration to use it. With --config it covers the plugins named there.',
    )
    .action(async (options: { readonly config?: readonly string[] }) => {
      const { schema } = await import('./schema.ts');
      finish(await schema(options.config ?? []));
    });
}

function addGenerate(root: Command): void {
  root
    .command('generate')
    .summary('send made-up telemetry')
    .description(
      'Sends the logs, traces and metrics of a small made-up shop to an OTLP endpoint, through the OpenTelemetry SDK. ' +
        'Each request to the shop makes one trace of three to six spans and two to four log records; metrics are sent every two seconds.',
    )
    .option('-e, --endpoint <url>', 'where to send; http://localhost:4317 for grpc, else http://localhost:4318')
    .addOption(
      new Option('-p, --protocol <protocol>', 'how to send')
        .choices(['grpc', 'http/protobuf', 'http/json'])
        .default('http/protobuf'),
    )
    .addOption(new Option('-r, --rate <number>', 'requests to the shop in each second').argParser(positive).default(10))
    .addOption(
      new Option('-d, --duration <seconds>', 'how long; until it is stopped where it is left out').argParser(positive),
    )
    .addOption(
      new Option('--signals <list>', 'which signals, separated by commas')
        .argParser(signalList)
        .default(['logs', 'traces', 'metrics'], 'logs,traces,metrics'),
    )
    .action(async (options: GenerateOptions) => {
      const { generate } = await import('./generate/command.ts');
      finish(await generate(options));
    });
}

/** Adds the options that name a folder of dead letters. */
function inFolder(command: Command): Command {
  return command
    .option('-d, --directory <folder>', 'folder of the dead letters')
    .option(
      '-c, --config <file>',
      'configuration whose service.dead_letters names the folder; may be repeated',
      collect,
    )
    .option('-s, --set <path=value>', 'one option on top of the configuration; may be repeated', collect);
}

function addDeadLetters(root: Command): void {
  const dlq = root
    .command('dlq')
    .summary('look at dead letters, and send them again')
    .description('Dead letters are what destinations refused for good: files of JSON lines in a folder of their own.');
  inFolder(dlq.command('list'))
    .description(
      'Lists the files: letters, records, first and last time, which exporters they come from, and the reasons.',
    )
    .action(async (options: FolderOptions) => {
      const { list } = await import('./dlq/list.ts');
      finish(await list(options));
    });
  inFolder(dlq.command('show <file>'))
    .description('Prints the letters of a file: time, exporter, reason, and the request as OTLP/JSON.')
    .addOption(new Option('-n, --limit <number>', 'how many letters').argParser(positive).default(10))
    .action(async (file: string, options: ShowOptions) => {
      const { show } = await import('./dlq/show.ts');
      finish(await show(file, options));
    });
  inFolder(dlq.command('replay [files...]'))
    .description(
      'Sends dead letters to an OTLP/HTTP receiver, such as that of a running Sluice: those of the files, or all of the folder. A ' +
        'letter goes when its answer was OK; the rest stays. Exit code 1 means that something stayed.',
    )
    .option('-t, --to <url>', 'where to send', 'http://localhost:4318')
    .option('-H, --header <name: value>', 'a header of every request; may be repeated', collect)
    .action(async (files: string[], options: ReplayOptions) => {
      const { replay } = await import('./dlq/replay.ts');
      finish(await replay(files, options));
    });
}
