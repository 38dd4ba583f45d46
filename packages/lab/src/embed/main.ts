import { mount } from "svelte";
import Embed from "./Embed.svelte";
import "../app.css";

// a page that chooses between light and dark chooses for its flows as well
const scheme = new URLSearchParams(location.search).get("scheme");
if (scheme === "light" || scheme === "dark") document.documentElement.dataset.scheme = scheme;

const target = document.getElementById("lab") as HTMLElement;
target.replaceChildren();
mount(Embed, { target });
