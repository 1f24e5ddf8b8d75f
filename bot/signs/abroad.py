"""Circumstances as reports in ten languages tell them: with a login, after a start, under load, now and then.

German, Spanish, Portuguese, French, Italian, Russian, Polish, Chinese, Japanese and Korean. The English ways
of saying it stand in circumstances.py and nginx_client.py.

Source: common phrases of reports in these languages; the words that browsers use for a private window.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
#: "It works", where nothing of the clause denies it.
_WELL = (
    r"(?:geht(?!(?:'s|s| es)? nicht)|l[äa]uft|klappt|funktioniert(?! nicht)|(?<!no )(?<!n[ãa]o )(?<!non"
    r" )(?<!nie )(?<!не )"
    r"(?:funciona\w*|va bien|funziona|\bva\b|dzia[łl]a|работает|норм\w*|в порядке)|[çc]a marche"
    r"|fonctionne(?! pas)|c'est bon|alles gut"
    r"|todo bien|tudo certo|wszystko (?:gra|dobrze)|ок\b|\bok\b)"
)
_WELL_CJK = (
    r"(?:就?(?:好|正常|可以|没问题|行|恢复|通)|大丈夫|正常|問題な|表示され|直り|直る|動き|動く|정상|괜찮"
    r"|됩니다|돼요|된다)"
)
_PRIVATE = (
    r"(?:inkognito\w*|privaten? (?:fenster|modus)|inc[óo]gnito|ventana privada|an[ôo]nima|navega[çc][ãa]o"
    r" privada|navigation priv[ée]e"
    r"|finestra (?:anonima|privata)|navigazione anonima|инкогнито|приватн\w+|trybie? (?:incognito"
    r"|prywatn\w+)|incognito)"
)
_PRIVATE_CJK = r"(?:无痕|無痕|隐身|隱身|隐私|シークレット|プライベート|시크릿)"
PATTERNS: tuple[Pattern, ...] = (
    says(
        "with_cookies",
        rf"{_PRIVATE}.{{0,60}}{_WELL}|{_WELL}.{{0,40}}{_PRIVATE}|{_PRIVATE_CJK}.{{0,20}}{_WELL_CJK}"
        r"|(?:Cookies?) (?:l[öo]sch\w*|gel[öo]scht).{0,40}(?:geht|hilft|l[äa]uft)|(?:borr\w+|limpi\w+"
        r"|limp\w+|apag\w+) (?:las |os |los )?cookies?"
        r".{0,40}(?:funciona|soluciona|resolve|vuelve|volta)|(?:supprim|effac|vid)\w+ (?:les |mes"
        r" )?cookies?.{0,40}(?:marche|fonctionne|r[ée]sout)"
        r"|(?:cancell|elimin)\w+ i cookies?.{0,40}(?:funziona|risolve)|(?:удал|очист|почист)\w+ (?:\w+"
        r" )?(?:куки|cookies?).{0,40}(?:работает|помога)"
        rf"|(?:清(?:除|空|理)?|删除?) ?(?:了)?(?:浏览器)?(?:的)? ?(?:cookies?|缓存).{{0,12}}{_WELL_CJK}"
        rf"|(?:クッキー"
        rf"|cookie)を?(?:削除|消).{{0,20}}{_WELL_CJK}"
        rf"|쿠키.{{0,6}}(?:삭제|지우).{{0,12}}{_WELL_CJK}",
        "inkognito",
        "incognito",
        "incógnito",
        "incóg",
        "privat",
        "privad",
        "anônima",
        "anonima",
        "anónima",
        "privée",
        "privee",
        "инкогнито",
        "приватн",
        "prywatn",
        "无痕",
        "無痕",
        "隐身",
        "隱身",
        "隐私",
        "シークレット",
        "プライベート",
        "시크릿",
        "cookie",
        "куки",
        "清",
        "删",
        "クッキー",
        "쿠키",
    ),
    says(
        "soon_well",
        rf"\b(?:ersten?|paar) (?:\w+ )?(?:Sekunden|Minuten?)\b.{{0,40}}\b(?:Neu)?(?:start\w*|deploy\w*"
        rf"|hochfahren)\b.{{0,60}}(?:danach|dann|sp[äa]ter)"
        rf".{{0,30}}{_WELL}|\b(?:primer\w*|primeir\w*) (?:\w+ )?(?:segundos?"
        rf"|minutos?)\b.{{0,40}}\b(?:arran\w+|inici\w+|reinici\w+|deploy\w*"
        rf"|despliegue\w*|desplegar|subir)\b.{{0,60}}(?:luego|despu[ée]s|depois|entonces).{{0,20}}{_WELL}"
        rf"|\bpremi[èe]re?s? (?:\w+ )?(?:secondes?|minutes?)\b.{{0,40}}\b(?:d[ée]marr\w+|red[ée]marr\w+"
        rf"|d[ée]ploie\w+)\b.{{0,60}}(?:puis|ensuite|apr[èe]s)"
        rf".{{0,20}}{_WELL}|\bprim[oi] (?:\w+ )?(?:second[oi]|minut[oi])\b.{{0,40}}\b(?:avvio|riavvio"
        rf"|deploy)\b.{{0,60}}(?:poi|dopo).{{0,20}}{_WELL}"
        rf"|перв\w+ (?:\w+ )?(?:секунд\w*|минут\w*).{{0,40}}(?:старт|запуск|деплo?о?й"
        rf"|перезапуск)\w*.{{0,60}}(?:потом|затем|дальше|после).{{0,20}}{_WELL}"
        rf"|\bpierwsz\w+ (?:\w+ )?(?:sekund\w*|minut\w*)\b.{{0,40}}\b(?:starc\w+|uruchomieni\w+"
        rf"|restarci\w+|wdro[żz]eni\w+)\b.{{0,60}}(?:potem|p[óo][źz]niej).{{0,20}}{_WELL}"
        rf"|(?:刚|剛)?(?:启动|啟動|重启|部署|发布|发版)(?:后|之后|完|的|以后)?.{{0,10}}(?:[一两几\d]+"
        rf" ?(?:到|-|~)?[一两几\d]* ?(?:秒|分钟"
        rf"|分鐘)|一会儿?|前几分钟).{{0,20}}"
        rf"(?:过|之后|然后|等|再).{{0,10}}{_WELL_CJK}|(?:起動|再起動|デプロイ)(?:直後|後"
        rf"|して).{{0,20}}(?:秒|分).{{0,20}}(?:その後"
        rf"|しばらく|後は).{{0,10}}{_WELL_CJK}"
        rf"|(?:시작|기동|배포|재시작).{{0,20}}(?:초|분).{{0,20}}(?:후|다가|뒤).{{0,10}}{_WELL_CJK}",
        "sekunden",
        "minut",
        "segundo",
        "second",
        "sekund",
        "секунд",
        "минут",
        "秒",
        "分",
        "一会",
        "초",
        "분",
    ),
    says(
        "sporadic",
        r"(?P<what>\bab und zu\b|\bgelegentlich\b|\bsporadisch\b|\bhin und wieder\b|\bde vez en cuando\b"
        r"|\bocasionalmente\b|\b(?:aleatoria|esporádica)mente\b"
        r"|\bde vez em quando\b|\b[àa]s vezes\b|\bde temps en temps\b|\bpar intermittence\b|\bparfois\b"
        r"|\bogni tanto\b|\ba volte\b|\bsaltuariamente\b"
        r"|\bиногда\b|\bвремя от времени\b|\bпериодически\b|\bczasami?\b|\bod czasu do czasu\b"
        r"|\bsporadycznie\b|偶尔|偶爾|偶发|间歇性|时不时|有时候?|たまに|時々|ときどき"
        r"|まれに|가끔|간헐적)",
        "ab und zu",
        "gelegentlich",
        "sporad",
        "hin und wieder",
        "vez en",
        "ocasional",
        "aleatoria",
        "esporádica",
        "vez em",
        "vezes",
        "de temps en",
        "intermittence",
        "parfois",
        "ogni tanto",
        "a volte",
        "saltuaria",
        "иногда",
        "время от",
        "периодически",
        "czasam",
        "czasu",
        "偶",
        "间歇",
        "时不时",
        "有时",
        "たまに",
        "時々",
        "ときどき",
        "まれに",
        "가끔",
        "간헐적",
    ),
    says(
        "under_load",
        r"(?P<what>\bunter (?:hoher )?Last\b|\bbei (?:viel(?:en)?|hohem?|gr[öo][ßs]e?rem?)"
        r" (?:gleichzeitigen )?(?:Anfragen|Traffic|Last|Nutzern|Benutzern|Zugriffen|Verkehr)"
        r"|\bLasttest\w*\b|\bcon (?:mucho|much[ao]s) (?:tr[áa]fico|carga|usuarios|peticiones)|\bbajo"
        r" carga\b|\bsob carga\b|\bcom muit[oa]s? (?:tr[áa]fego|acessos|usu[áa]rios|carga)"
        r"|\bhor[áa]rio de pico\b|\bhoras? (?:pico|punta)\b|\bsous (?:forte )?charge\b|\bmont[ée]e en"
        r" charge\b|\bheures? de pointe\b|\bsotto (?:sforzo|carico)\b"
        r"|под нагрузкой|при (?:большой |высокой )?нагрузке|\bpod obci[ąa][żz]eniem\b|\bprzy du[żz]ym"
        r" (?:ruchu|obci[ąa][żz]eniu)|高并发|并发(?:高|大|一高|量)|压测|壓測|流量(?:大|高)|高峰期?"
        r"|高負荷|負荷(?:テスト|が(?:高|かか))|アクセスが(?:集中|多)|부하 ?테스트|트래픽이? ?(?:많|몰리))",
        "last",
        "anfragen",
        "traffic",
        "nutzern",
        "zugriffen",
        "verkehr",
        "tráfico",
        "trafico",
        "carga",
        "usuarios",
        "peticiones",
        "tráfego",
        "acessos",
        "usuários",
        "pico",
        "punta",
        "charge",
        "pointe",
        "sforzo",
        "carico",
        "нагрузк",
        "obciążeni",
        "obciazeni",
        "ruchu",
        "并发",
        "压测",
        "壓測",
        "流量",
        "高峰",
        "負荷",
        "アクセス",
        "부하",
        "트래픽",
    ),
)
READERS: tuple[Reader, ...] = ()
