import { figureStyle } from "ottoflow/io/figure/colour";

/** The sheet of all our pages: light and dark, phone and paper; no fonts, no images, nothing fetched. */
export const style: string = `
:root{color-scheme:light dark;--ink:#1f2328;--soft:#57606a;--paper:#fff;--card:#f6f8fa;--line:#d0d7de;--good:#116329;--bad:#b3261e;--plain:#57606a;--link:#0550ae}
@media (prefers-color-scheme:dark){:root{--ink:#e6e8eb;--soft:#9aa4ae;--paper:#14171c;--card:#1d2127;--line:#373e47;--good:#4cc26a;--bad:#ff7b72;--plain:#9aa4ae;--link:#6cb6ff}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;overflow-wrap:anywhere}
main{max-width:820px;margin:0 auto;padding:24px 20px 64px}
h1{font-size:1.7rem;line-height:1.25;margin:.2em 0 .4em;text-wrap:balance}
h2{font-size:1.2rem;margin:2.2em 0 .6em;padding-bottom:.25em;border-bottom:1px solid var(--line)}
p{margin:.6em 0}
a{color:var(--link)}
.soft{color:var(--soft)}
.small{font-size:.86rem}
.kicker{font-size:.86rem;color:var(--soft);margin:0}
.verdict{display:flex;gap:.7em;align-items:baseline;padding:.8em 1em;border:1px solid var(--line);border-left:5px solid var(--plain);border-radius:6px;background:var(--card)}
.verdict.good{border-left-color:var(--good)}.verdict.bad{border-left-color:var(--bad)}
.verdict strong{white-space:nowrap}.good strong,.pass{color:var(--good)}.bad strong,.fail{color:var(--bad)}.reported,.not-applicable{color:var(--plain)}
.numbers{display:grid;grid-template-columns:repeat(auto-fit,minmax(130px,1fr));gap:10px;margin:1em 0;padding:0;list-style:none}
.numbers li{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:.5em .8em}
.numbers b{display:block;font-size:1.1rem;font-variant-numeric:tabular-nums}
.numbers span{color:var(--soft);font-size:.82rem}
figure{margin:1em 0}
svg.figure{display:block;width:100%;height:auto;color:var(--ink)}
figcaption{color:var(--soft);font-size:.88rem;margin-top:.3em}
.law{overflow-x:auto;padding:.6em 1em;background:var(--card);border:1px solid var(--line);border-radius:6px}
.law math{font-size:1.12rem}
table{border-collapse:collapse;width:100%;font-size:.92rem}
th,td{text-align:left;vertical-align:top;padding:.45em 1em .45em 0;border-bottom:1px solid var(--line)}
th{font-weight:600}
th[scope=row]{font-weight:600}
td.number{font-variant-numeric:tabular-nums;white-space:nowrap}
td.pass,td.fail,td.reported{white-space:nowrap;overflow-wrap:normal;min-width:6em}th{overflow-wrap:normal}
tr.group th{padding-top:1.1em;color:var(--soft);font-size:.86rem}
table.checks td:nth-child(2){min-width:17em}table.checks td:nth-child(5){min-width:12em}
td.key{white-space:nowrap}td.agree{color:var(--good)}td.differ{color:var(--bad)}
td small{display:block;color:var(--soft);line-height:1.4}
.scroll{overflow-x:auto}
pre{margin:.6em 0;padding:.8em 1em;background:var(--card);border:1px solid var(--line);border-radius:6px;overflow-x:auto;font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,"DejaVu Sans Mono",monospace;overflow-wrap:normal}
code{font:.92em ui-monospace,SFMono-Regular,Menlo,"DejaVu Sans Mono",monospace}
summary{cursor:pointer;padding:.3em 0}
.slider{display:flex;gap:.8em;align-items:center;font-size:.9rem}.slider input{flex:1}.slider output{min-width:7em;font-variant-numeric:tabular-nums}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
@media (max-width:620px){
.verdict{flex-wrap:wrap}
main{padding:16px 14px 48px}
h1{font-size:1.4rem}
table.cards thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table.cards tr{display:block;padding:.7em 0;border-bottom:1px solid var(--line)}
table.cards td{display:block;border:0;padding:.1em 0;min-width:0!important;white-space:normal}
table.cards tr.group{padding:.9em 0 .1em}table.cards tr.group th{display:block;border:0;padding:0}
table.cards tbody th[scope=row]{display:block;border:0;padding:.1em 0}
table.cards td[data-label]:not(:empty)::before{content:attr(data-label) ": ";color:var(--soft)}
.wide{overflow-x:auto}.wide svg.figure{min-width:560px}
}
@media print{
:root{--ink:#000;--soft:#444;--paper:#fff;--card:#fff;--line:#999;--link:#000}
main{max-width:none;padding:0}figure,tr,pre,.verdict{break-inside:avoid}h2{break-after:avoid}.slider{display:none}pre{white-space:pre-wrap;overflow-wrap:anywhere}
}
${figureStyle()}`;
