import { mount } from "svelte";
import Embed from "./Embed.svelte";
import "../app.css";

const target = document.getElementById("lab") as HTMLElement;
target.replaceChildren();
mount(Embed, { target });
