/** `wetgrad completion SHELL`: a script that completes commands and options, made from the commands themselves. */
import { Argument, Command } from "commander";
import { print } from "./manners/output.ts";

const SHELLS = ["bash", "zsh", "fish"] as const;
type Shell = (typeof SHELLS)[number];

const HELP = `
Examples:
  $ wetgrad completion bash >> ~/.bashrc
  $ wetgrad completion zsh >> ~/.zshrc
  $ wetgrad completion fish > ~/.config/fish/completions/wetgrad.fish`;

/** @param program the whole program, asked for when the command runs */
export function completionCommand(program: () => Command): Command {
  return new Command("completion")
    .description("print a script that completes commands and options in a shell")
    .addArgument(new Argument("<shell>", "the shell").choices(SHELLS))
    .addHelpText("after", HELP)
    .action((shell: Shell) => print(completionOf(program(), shell)));
}

/** What may follow `words`, by the words so far: `"vat run"` -> its subcommands and options. */
export function candidates(program: Command): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const add = (command: Command, path: string) => {
    const children = command.commands.map((child) => child.name());
    const options = command.options.flatMap(({ long }) => long ?? []);
    found.set(path, [...children, ...options, "--help"]);
    for (const child of command.commands) add(child, `${path} ${child.name()}`.trim());
  };
  add(program, "");
  return found;
}

export function completionOf(program: Command, shell: Shell): string {
  const all = [...candidates(program)];
  if (shell === "fish") return fish(all);
  const cases = all.map(([path, words]) => `    "${path}") words="${words.join(" ")}" ;;`);
  const zsh = shell === "zsh" ? "autoload -U +X compinit bashcompinit\ncompinit\nbashcompinit\n" : "";
  return `${zsh}_wetgrad() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path="" words="" i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${COMP_WORDS[i]}" in
      -*) break ;;
      *) path="\${path:+$path }\${COMP_WORDS[i]}" ;;
    esac
  done
  case "$path" in
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [ \${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "$current"))
}
complete -F _wetgrad wetgrad`;
}

function fish(all: readonly (readonly [string, string[]])[]): string {
  const lines = all.map(([path, words]) => {
    const here =
      path === "" ? "__fish_use_subcommand" : `__fish_seen_subcommand_from ${path.split(" ").at(-1)}`;
    return `complete -c wetgrad -n '${here}' -a '${words.join(" ")}'`;
  });
  return ["complete -c wetgrad -e", ...lines].join("\n");
}
