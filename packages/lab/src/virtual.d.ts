declare module "virtual:gallery" {
  const index: {
    readonly cards: readonly { readonly name: string; readonly title: string; readonly beside?: string }[];
    readonly opening: unknown;
    readonly typeset: Readonly<Record<string, string>>;
  };
  export default index;
}
declare module "virtual:gallery-words" {
  const words: Readonly<Record<string, { readonly summary: string; readonly watch: string }>>;
  export default words;
}
declare module "temml";
