declare module "virtual:gallery" {
  const index: {
    readonly cards: readonly { readonly name: string; readonly title: string; readonly summary: string; readonly watch: string; readonly beside?: string }[];
    readonly opening: unknown;
    readonly typeset: Readonly<Record<string, string>>;
  };
  export default index;
}
declare module "temml";
