"""What was done before it failed and what mends it, in ten languages: an update, a restart, a lost terminal.

German, Spanish, Portuguese, French, Italian, Russian, Polish, Chinese, Japanese and Korean. The English ways
of saying it stand in releases.py and accounts.py, a reload that mends it also in mended_abroad.py.

Source: common phrases of reports in these languages.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
#: What was renewed is no certificate, no setting and no name.
_OF_THE_APP = (
    r"^(?!.*(?:certifi|zertifi|сертифик|certyfik|证书|憑證|証明書|인증서|\bconf|konfig|配置|設定|настро"
    r"|\bDNS\b|域名)).*?"
)
PATTERNS: tuple[Pattern, ...] = (
    says(
        "reload_mended",
        r"(?P<what>\bbis (?:ich |wir |man )?(?:den )?nginx (?:neu (?:ge)?(?:start|lad)\w*|neustart\w*"
        r"|reload\w*)"
        r"|\bhasta (?:que )?(?:reinici\w+|recarg\w+) (?:el )?nginx|\bat[ée] (?:que )?(?:eu )?(?:reinici\w+"
        r"|recarreg\w+) (?:o )?nginx"
        r"|\bjusqu'(?:[àa] ce que )?(?:je |on |nous )?(?:red[ée]marr\w+|recharg\w+|au red[ée]marrage"
        r" d[eu]) ?(?:le )?nginx"
        r"|\bfinch[ée] (?:non )?(?:riavvi\w+|ricaric\w+) nginx|пока не (?:перезапу\w+|перезагру\w+"
        r"|рестарт\w+) nginx"
        r"|\bdop[óo]ki nie (?:zrestartuj\w+|prze[łl]aduj\w+) nginx)",
        "nginx",
    ),
    says(
        "released",
        _OF_THE_APP + r"(?:\b(?:seit|nach) (?:dem |einem |der |meinem |unserem )?(?:letzten )?(?:Update"
        r"|Upgrade|Aktualisierung|Deploy(?:ment)?|Release)\b"
        r"|\b(?:desde|tras|despu[ée]s de) (?:la |el |una? )?(?:[úu]ltima )?(?:actualizaci[óo]n|actualizar"
        r"|despliegue|desplegar)\b"
        r"|\b(?:desde|depois d[ae]|ap[óo]s) (?:a |o |uma? )?(?:[úu]ltim[ao] )?(?:atualiza[çc][ãa]o"
        r"|atualizar|deploy)\b"
        r"|\b(?:depuis|apr[èe]s) (?:la |le |une? )?(?:derni[èe]re )?(?:mise [àa] jour|upgrade"
        r"|d[ée]ploiement|mont[ée]e de version)\b"
        r"|\bdopo (?:l'|un |il |l’)(?:ultimo )?(?:aggiornamento|deploy)\b|после (?:последнего"
        r" )?(?:обновлени\w+|деплоя|апдейта|апгрейда|релиза)"
        r"|\bpo (?:ostatniej )?(?:aktualizacji|wdro[żz]eniu)\b(?! backendu)|(?:更新|升级|升級|发布|上线"
        r"|发版)(?:到|了"
        r"|至)?[^，。,]{0,12}(?:之后|以后|后|後)"
        r"|(?:アップデート|アップグレード|更新|デプロイ"
        r"|バージョンアップ)(?:を)?(?:した)?(?:して)?(?:から|後|したら)|(?:업데이트|업그레이드|배포)"
        r" ?(?:후|하고"
        r"|한 뒤))",
        "update",
        "upgrade",
        "aktualisierung",
        "deploy",
        "release",
        "actuali",
        "despl",
        "atuali",
        "mise",
        "ploiement",
        "montée",
        "aggiornamento",
        "обновлени",
        "деплоя",
        "апдейта",
        "апгрейда",
        "релиза",
        "aktualizacji",
        "wdro",
        "更新",
        "升级",
        "升級",
        "发布",
        "上线",
        "发版",
        "アップ",
        "デプロイ",
        "업데이트",
        "업그레이드",
        "배포",
    ),
    says(
        "restart_mended",
        r"(?P<what>(?:помога\w+|спаса\w+|лечится) (?:только )?(?:перезапуск\w*|рестарт\w*)(?! nginx)"
        r"|重启(?!nginx| nginx|服务器|电脑)(?:一下)?[^，。,]{0,8}(?:服务|应用|程序|容器|进程|后端)?"
        r"[^，。,]{0,4}(?:就|才|后)(?:能|又)?(?:好|正常|恢复|可以)|(?:サービス|アプリ|コンテナ"
        r"|プロセス)を?再起動(?:すると|したら"
        r"|で)[^。]{0,10}(?:直|復旧|戻|治)"
        r"|(?:서비스|앱|컨테이너|프로세스)를? ?재시작하면.{0,10}(?:정상|복구|됩니다|괜찮)|\bhilft (?:nur"
        r" )?(?:ein )?Neustart (?:der"
        r" App|des Dienstes|des Containers)"
        r"|\b(?:il faut|je dois) (?:toujours )?red[ée]marrer (?:l'appli\w*|le service|le conteneur)"
        r"|\btengo que reiniciar (?:la app\w*|el servicio|el contenedor)"
        r"|\btenho que reiniciar (?:o servi[çc]o|a aplica[çc][ãa]o|o cont[êe]iner)|\bdevo riavviare (?:il"
        r" servizio|l'app\w*)|\bmuszę (?:z)?restartować (?:us[łl]ug|aplikacj|kontener)\w+)",
        "перезапуск",
        "рестарт",
        "重启",
        "再起動",
        "재시작",
        "neustart",
        "redémarrer",
        "redemarrer",
        "reiniciar",
        "riavviare",
        "restartować",
    ),
    says(
        "not_started",
        r"(?P<what>\b(?:Terminal|SSH-?(?:Fenster|Sitzung)|Konsole|PuTTY)\b.{0,12}\b(?:schlie[ßs]\w*"
        r"|schloss|geschlossen|zumach\w*|zu)\b"
        r"|\b(?:cierr\w+|cerr\w+) (?:la |el )?(?:terminal|consola|sesi[óo]n|putty)\b|\bfech\w+ (?:o |a"
        r" )?(?:terminal|console|sess[ãa]o|putty)\b"
        r"|\bferm\w+ (?:le |la |mon |ma )?(?:terminal|console|session|putty)\b|\bchiud\w+ (?:il |la"
        r" )?(?:terminale|console|sessione|putty)\b"
        r"|(?:закры\w+|закро\w+) (?:терминал|консоль|putty|ssh)|\bzamkn\w+ (?:terminal\w*|konsol\w*|putty"
        r"|sesj\w*)|关(?:掉|闭|了)?(?:终端|窗口|ssh|xshell|putty)"
        r"|(?:ターミナル|端末)を(?:閉じ|切)|터미널을? ?(?:닫|끄)|\b(?:startet|kommt) (?:\w+ ){0,3}nach"
        r" (?:dem |einem"
        r" )?(?:Reboot|Neustart) nicht (?:von selbst|automatisch)"
        r"|\bno arranca (?:sol[oa]|autom[áa]ticamente)\b.{0,40}\breinici\w+|не (?:запускается|стартует)"
        r" (?:сам\w* |автоматически )?после (?:перезагрузки|ребута)|开机(?:没有?|不会?)自(?:动)?启)",
        "terminal",
        "ssh",
        "konsole",
        "putty",
        "consola",
        "console",
        "sesión",
        "sessão",
        "session",
        "терминал",
        "консоль",
        "konsol",
        "sesj",
        "终端",
        "窗口",
        "xshell",
        "ターミナル",
        "端末",
        "터미널",
        "reboot",
        "neustart",
        "arranca",
        "перезагрузки",
        "ребута",
        "开机",
    ),
)
READERS: tuple[Reader, ...] = ()
