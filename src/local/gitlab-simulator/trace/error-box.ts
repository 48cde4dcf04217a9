/** The box Terraform draws around an error. */
export function errorBox(summary: string, details: readonly string[]): readonly string[] {
  const bar = '\u001b[31m│\u001b[0m \u001b[0m';
  return [
    '\u001b[31m╷\u001b[0m\u001b[0m',
    `${bar}\u001b[1m\u001b[31mError: \u001b[0m\u001b[0m\u001b[1m${summary}\u001b[0m`,
    bar,
    ...details.map((detail) => `${bar}${detail}`),
    '\u001b[31m╵\u001b[0m\u001b[0m',
  ];
}
