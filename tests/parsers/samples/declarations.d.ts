/** Parses a text. */
export function parse(text: string): Tree;
export declare function print(tree: Tree): string;

declare module 'grammar' {
  export function load(name: string): Promise<Grammar>;
  export class Grammar {
    constructor(name: string);
    compile(flags?: number): void;
  }
}
