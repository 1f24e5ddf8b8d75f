"""What mended it, in the languages of reports: a reload of the proxy, an older version, a restart.

Source: common phrases of reports in German, Spanish, Portuguese, French, Italian, Russian, Polish, Chinese,
Japanese and Korean; what English puts in two sentences ("the tag of last month works, latest does not").
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "headless": "a Kubernetes service without an address of its own: its name gives the pods'; fields: what",
}
#: nginx as reports call it, in any language.
_NGINX = r"(?:nginx|proxy|прокси|энджин\w*|エンジン)"
_GOOD = (
    r"(?:geht|l[äa]uft|klappt|funktioniert|hilft|funciona|soluciona|resuelve|arregla|vuelve|resolve|volta"
    r"|marche|fonctionne|r[ée]sout"
    r"|repart|aide|risolve|funziona|riparte|torna|помога\w+|работает|заработа\w+|оживает|pomaga|dzia[łl]a"
    r"|wraca)"
)
_GOOD_CJK = (
    r"(?:才?(?:能|可以)?(?:好|正常|恢复|可以|解决|行)|直ります|直る|治る|復旧|解消|動き|해결|정상|복구"
    r"|됩니다|돼요|괜찮)"
)
_DENIED = (
    r"(?:\bnicht\b|\bkein|\bno\b|\bn[ãa]o\b|\bne\b|\bpas\b|\bnon\b|\bне\b|\bnie\b"
    r"|没用|无效|不行|没有用|변함|効果)"
)
PATTERNS: tuple[Pattern, ...] = (
    says(
        "reload_mended",
        r"(?P<what>\b(?:until|till|unless) (?:the )?(?:nginx|reverse[- ]proxy|proxy) (?:is|was|gets|has"
        r" been|got) "
        r"(?:manually )?(?:restarted|reloaded|recreated|bounced)\b)",
        "until",
        "till",
        "unless",
    ),
    says(
        "went_back",
        r"^(?!.*\b(?:nginx|openresty|traefik|caddy|haproxy|envoy|apache|httpd|ingress|node(?:\.?js)?|php"
        r"|python|java|jdk|openssl"
        r"|ubuntu|debian|docker|kernel|curl|tls|http)[/ -]?(?:version )?v?\d).*?(?:\b(?:tag|version"
        r"|image|release|build|with|use|on) )?"
        r"(?<![\d.:])v?(?P<version>\d{1,3}\.\d{1,3}(?:\.\d{1,3})?)(?![\d.:%]|\.\d| ?(?:s|ms|GB|MB|G|M)\b) "
        r"(?:is |was |all |still )?(?:works?|worked|fine|ok|okay|good"
        r"|runs?)\b.{0,60}(?<![\d.:])v?\d{1,3}\.\d{1,3}(?:\.\d{1,3})?"
        r"(?![\d.:%]).{0,25}\b(?:50[234]|bad gateway|fails?|broken|does(?:n't| not) (?:work|start)"
        r"|crash\w*)\b",
        "works",
        "worked",
        "fine",
        "ok",
        "good",
        "run",
    ),
    says(
        "reload_mended",
        r"^(?!.*(?:\bnot\b|n't\b|\bnothing\b|\bstill\b|\bno (?:help|effect|use)\b))(?P<what>.*"
        r"\b(?:service nginx (?:reload|restart)|systemctl (?:reload|restart) nginx|nginx -s reload"
        r"|rc-service nginx \w+"
        r"|(?:reload|restart|bounc)\w*(?: of)? (?:the )?(?:nginx|ingress|proxy)(?: pods?|"
        r" container)?)\b[`'\"]?.{0,40}"
        r"\b(?:good|fine|well|ok|okay|works?|up|back|quiet|gone|better)\b.{0,20}\b(?:again|for|until"
        r"|till)\b)",
        "reload",
        "restart",
        "bounc",
        "rc-service",
    ),
    says(
        "reload_mended",
        r"^(?!.*(?:\bnot\b|n't\b|\bnothing\b))(?P<what>.*\b(?:kill|delet|recreat|remov|bounc)\w*(?: the)? "
        r"(?:nginx|proxy|gateway)(?:'s)? (?:pods?|container|task)s?\b.{0,50}\b(?:fix\w*|help\w*|solv\w*"
        r"|works?|good|fine|again)\b)",
        "kill",
        "delet",
        "recreat",
        "remov",
        "bounc",
    ),
    says(
        "reload_mended",
        rf"^(?!.*{_DENIED})(?P<what>.*"
        rf"(?:\b{_NGINX}\b.{{0,25}}\b(?:neu ?(?:ge)?start\w*|neu ?(?:ge)?lad\w*|Neustart|reinici\w*"
        rf"|recarg\w*|red[ée]marr\w*|recharg\w*"
        rf"|riavvi\w*|ricaric\w*|перезапус\w*|перезагру\w*|рестарт\w*|restartu\w*|prze[łl]adow\w*)"
        rf"|\b(?:Neustart|Reload|reinici\w*|recarg\w*|red[ée]marr\w*|recharg\w*|riavvi\w*|ricaric\w*"
        rf"|перезапус\w*|рестарт\w*"
        rf"|restart\w*|prze[łl]adow\w*)\b.{{0,25}}\b{_NGINX}).{{0,50}}\b{_GOOD})",
        "nginx",
        "proxy",
        "прокси",
    ),
    says(
        "reload_mended",
        rf"^(?!.*(?:重启|重載|reload|删掉).{{0,12}}(?:nginx).{{0,12}}(?:没用|无效|不行"
        rf"|没有用))(?P<what>.*(?:(?:重启|重載"
        rf"|重新加载|reload|删(?:掉|除)|重建)"
        rf"[^，。,]{{0,10}}nginx|nginx[^，。,]{{0,14}}(?:重启|重載|重新加载|reload|删(?:掉|除)(?:重建)?"
        rf"|重建|再起動|リロード|재시작"
        rf"|재기동)).{{0,20}}{_GOOD_CJK})",
        "nginx",
    ),
    says(
        "restart_mended",
        r"^(?!.*(?:\bnot\b|n't\b|\bnothing\b|\bstill\b))(?P<what>.*(?:\b(?:after|with|a) [`'\"]?(?:sudo )?"
        r"(?:pm2 restart|systemctl restart (?!nginx|apache|httpd)[\w@.-]+|supervisorctl restart|docker(?:"
        r" compose|-compose)? restart"
        r" (?!nginx|proxy)[\w.-]*|kubectl rollout restart)[^.]{0,40}\b(?:fine|good|ok|okay|works?|up|back"
        r"|gone|again)\b))",
        "restart",
    ),
    says(
        "restart_mended",
        rf"^(?!.*{_DENIED})(?!.*nginx.{{0,20}}(?:neu|reinici|red|riavvi|пере))(?P<what>.*\b(?:Neustart"
        rf"|reinici\w*|red[ée]marr\w*|riavvi\w*|перезапус\w*|рестарт\w*|restart\w*)"
        rf"\b.{{0,25}}\b(?:der App|des Dienstes|des Containers|la app|el servicio|el contenedor|do"
        rf" servi[çc]o|l'app\w*|le service"
        rf"|le conteneur|il servizio|сервис\w*|приложени\w*|контейнер\w*|us[łl]ugi|aplikacji"
        rf"|kontenera)\b.{{0,40}}\b{_GOOD})",
        "neustart",
        "reinici",
        "redémarr",
        "redemarr",
        "riavvi",
        "перезапус",
        "рестарт",
        "restart",
    ),
    # An older version works.
    says(
        "went_back",
        r"^(?!.*\b(?:same|still|also|too)\b.{0,30}\b(?:fails?|502|error|problem)\b)(?:.*"
        r"\b(?:tag|image|version|release|build|commit|chart)s? (?:\S+ )?(?:from|of) (?:last|the previous"
        r"|two|three|a|an|some|earlier)\b.{0,100}"
        r"(?<!not )(?<!n't )\b(?:works?|worked|working|fine|runs?|starts?|ok)\b)",
        "tag",
        "image",
        "version",
        "release",
        "build",
        "commit",
        "chart",
    ),
    says(
        "went_back",
        r"\b(?:back to|again on|with) [`'\"]?:?(?:latest|the (?:new|newest|latest) (?:one|version|image"
        r"|tag|release))\b[`'\"]?"
        r".{0,12}(?:->|=>|→|:|,|=|and|gives?|is)? ?.{0,12}\b(?:502|503|bad gateway|fails?|broken|down)\b",
        "latest",
        "new",
    ),
    says(
        "went_back",
        r"\b(?:pinn(?:ed|ing)|pin) (?:it |the (?:image|version|tag) )?(?:back )?(?:to|at|on)"
        r" [`'\"]?(?P<version>[\w.:-]{1,40})"
        r"(?![^.]{0,60}(?:\bnot\b|n't\b|\bno\b))[^.]{0,60}\b(?:works?|fix\w*|fine|solv\w*|help\w*"
        r"|resolv\w*|ok)\b",
        "pin",
    ),
    says(
        "went_back",
        rf"^(?!.*{_DENIED})(?:.*(?:\b(?:mit der (?:alten|vorherigen|letzten) Version|zur[üu]ck auf"
        rf" (?:die )?(?:alte|vorherige)\w*|auf \S+ zur[üu]ck"
        r"|con la versi[óo]n (?:anterior|vieja|previa)|volv\w+ a la versi[óo]n|com a vers[ãa]o (?:anterior"
        r"|antiga)|voltei para"
        r"|avec (?:l'ancienne version|la version pr[ée]c[ée]dente)|retour (?:[àa]|sur) (?:l'ancienne|la"
        r" version)|con la versione (?:precedente|vecchia)"
        r"|со старой верси\w+|с предыдущей верси\w+|откат\w*|ze star[ąa] wersj[ąa]|z poprzedni[ąa]"
        r" wersj[ąa])\b"
        rf".{{0,60}}\b{_GOOD}))",
        "version",
        "zurück",
        "versi",
        "vers",
        "voltei",
        "retour",
        "верси",
        "откат",
        "wersj",
    ),
    says(
        "went_back",
        r"(?:(?:回退|回滚|退回|换回|降级)(?:到|成)?.{0,20}(?:版本|镜像|tag|\d\.\d).{0,12}(?:好|正常|可以"
        r"|没问题|解决)"
        r"|(?:旧|老|之前的|上一个)版本.{0,10}(?:正常|没问题|可以|好)|(?:古い|前の|以前の)(?:バージョン"
        r"|イメージ|タグ).{0,20}(?:動|正常|問題)"
        r"|(?:이전|예전) ?(?:버전|이미지).{0,20}(?:정상|잘 |동작))",
        "版本",
        "回退",
        "回滚",
        "退回",
        "换回",
        "降级",
        "バージョン",
        "イメージ",
        "タグ",
        "버전",
        "이미지",
    ),
    says(
        "headless",
        r"(?P<what>\bclusterIP:\s*[\"']?None\b|\bheadless (?:service|svc)\b)",
        "clusterip",
        "headless",
    ),
)
READERS: tuple[Reader, ...] = ()
