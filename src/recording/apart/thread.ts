/** The thread of answers.ts. What the library prints on its own account, when it is stopped above all, is for nobody: who asks is told. */
console.warn = console.error = () => {};
await import("./answers.ts");
