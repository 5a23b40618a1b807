/** Finds a user. */
export function find(id: number): User;
export function find(name: string): User;
export function find(key: any): User { return lookup(key); }

declare function fetchAll(url: string): Promise<void>;

@Injectable({ scope: 'root' /* one */ })
export abstract class Store<T extends Item> implements Reader<T> {
  private readonly cache = new Map<string, T>();

  constructor(private readonly url: string, @Inject(TOKEN) protected items: T[] = []) { super(); }

  /** Reads one item. */
  @Memo((key: string) => /* by key */ key)
  @Log()
  // Between decorator and method.
  public async read<K extends keyof T>(
    key: K,
    // how long
    timeout = 10,
  ): Promise<T[K]> {
    const inner = async (): Promise<void> => {};
    return inner() as never;
  }

  /** Overloaded. */
  write(item: T): void;
  write(item: T, when: Date): void;
  write(item: T, when?: Date): void {}

  abstract drop(id: string): Promise<boolean>;
  protected handler = (event: Event): void => { this.drop(event.id); };
  static readonly make = async <T,>(url: string) => url;
  get size(): number { return 1; }
  #key(): string { return ''; }
  declare version: string;
}

namespace Geometry.Plane {
  /** The distance. */
  export function distance(a: Point, b: Point): number { return 0; }
  const helper = function (this: Point) {};
}

interface Reader<T> {
  /** Reads all. */
  readAll(): T[];
  new (x: number): Reader<T>;
  <U>(x: U): U;
  onDone?: () => void;
}

type Handlers = { close(reason: string): void };

const checked = ((event) => event) satisfies Handler;
export const cast = ((x: number) => x) as any;
const guarded = (function (x) { return x; }) as Handler;
export const typed: Handler<Event> = async (event) => { await event; };
function assertIsString(value: unknown): asserts value is string {}
export default class { anonymous() {} }
const enum Color { Red }
type Callback = (x: number) => void;

const held = { open: (() => 1) as Opener, close: function () {} satisfies Closer, size() { return 1; } } as const;
const asserted = <Handler>function () {};
const sure = (() => 1)!;
const twice = (function () {}) as unknown as Handler;
class Panel {
  accessor draw = () => 1;
  hide = (() => {}) as Handler;
  @Input() pick = (event: Event) => {};
  private constructor();
  constructor(parent?: Panel) {}
  /** Shown or not. */
  abstract get shown(): boolean;
}
interface Sized { get size(): number; set size(value: number); resize?(by: number): void }
export namespace Outer { export namespace Deep { export const leaf = () => 1; } }
declare global { interface Window { reopen(): void } }
