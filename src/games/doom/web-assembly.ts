/** The part of the WebAssembly namespace that is used here: the types of Node leave it out, and those of a page are not there in Node. */
declare const WebAssembly: {
  readonly Module: {
    new (bytes: Uint8Array): CompiledModule;
    imports(module: CompiledModule): { readonly module: string; readonly name: string }[];
  };
  readonly Instance: new (module: CompiledModule, imports: object) => { readonly exports: object };
};

/** A compiled program, which any number of instances share, in other threads too. */
export interface CompiledModule {
  readonly [Symbol.toStringTag]: "WebAssembly.Module";
}

export interface LinearMemory {
  readonly buffer: ArrayBuffer;
  /** By pages of 64 KiB. */
  grow(pages: number): number;
}

export function compile(bytes: Uint8Array): CompiledModule {
  return new WebAssembly.Module(bytes);
}

export function importsOf(
  module: CompiledModule,
): readonly { readonly module: string; readonly name: string }[] {
  return WebAssembly.Module.imports(module);
}

/** What the program exports. Throws where it wants more than it is given. */
export function instantiate(module: CompiledModule, imports: object): object {
  return new WebAssembly.Instance(module, imports).exports;
}
