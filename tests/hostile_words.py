"""Words that hurt a page that does not show them as words: each would call `hurt`, or reach elsewhere."""

HURT = (
    "<img src=x onerror='hurt()'>", "<script>hurt()</script>", "<svg/onload=hurt()>", "${hurt()}", "{{hurt()}}", "`${hurt()}`",
    "<iframe srcdoc='<script>parent.hurt()</script>'></iframe>", "<details open ontoggle=hurt()>", "javascript:hurt()",
    "[x](javascript:hurt())", "<a href=javascript:hurt()>x</a>", "<body onload=hurt()>", "<input autofocus onfocus=hurt()>",
    "<video><source onerror=hurt()></video>", "<math><mtext></form><img src onerror=hurt()>", "\"><script>hurt()</script>",
    "'-hurt()-'", "</textarea><script>hurt()</script>", "<style>@import'//evil.example/x'</style>", "<marquee onstart=hurt()>",
    "<img src=//evil.example/x>", "![x](http://evil.example/x)", "<link rel=stylesheet href=//evil.example/x>", "<base href=//evil.example/>",
    "{{#each this}}{{hurt}}{{/each}}", "${Object.assign(window,{p:hurt()})}", "\\u003cscript\\u003ehurt()\\u003c/script\\u003e",
    "&lt;script&gt;hurt()&lt;/script&gt;", "<scr<script>ipt>hurt()</script>", "%3Cscript%3Ehurt()%3C/script%3E",
    "<object data=javascript:hurt()>", "<embed src=javascript:hurt()>", "<form action=javascript:hurt()><button>x</button></form>",
    "<button onclick=hurt()>x</button>", "<isindex onfocus=hurt() autofocus>", "<keygen autofocus onfocus=hurt()>", "<audio src onerror=hurt()>",
    "<table background=javascript:hurt()>", "<x onclick=hurt()>x</x>", "<svg><script>hurt()</script></svg>", "<svg><a xlink:href=javascript:hurt()>x</a></svg>",
    "<meta http-equiv=refresh content='0;url=javascript:hurt()'>", "<template><script>hurt()</script></template>", "<noscript><p title='</noscript><img src onerror=hurt()>'>",
    "<!--><script>hurt()</script>-->", "<![CDATA[<script>hurt()</script>]]>", "<p style=background:url(//evil.example/x)>x</p>", "$$\\href{javascript:hurt()}{x}$$",
    "constructor.constructor('hurt()')()", "<plaintext><img src onerror=hurt()>",
)  # fmt: skip
