import { memo, useCallback, useState } from 'react';

interface Props { title: string; onPick(id: number): void }

/** Shows a list to pick from. */
export const Picker: React.FC<Props> = ({ title, onPick }) => {
  const [open, setOpen] = useState(false);
  const toggle = useCallback(() => setOpen((was) => !was), []);
  const generic = <T,>(value: T): T => value;
  return (
    <section onClick={() => toggle()}>
      <h1>{title}</h1>
      {[1, 2].map((id) => <button key={id} onClick={() => onPick(id)} />)}
    </section>
  );
};

export const Row = memo(({ id }: { id: number }) => <li>{id}</li>);
export default function App() { return <Picker title="x" onPick={() => {}} />; }
export const Field = forwardRef<Input, Props>((props, ref) => <input ref={ref} />) as FieldType;
const Scene = memo(<T,>({ item }: { item: T }) => <b>{String(item)}</b>);
export const same = (<T,>(value: T) => value);
Picker.map = <T,>(items: T[]) => items.length;
