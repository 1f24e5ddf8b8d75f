"""For whom and what it fails while others are well: what sets them apart points at the cause.

A login that carries a user's groups makes a head long, tools that log into the answer's head do too, and a
site of another PHP version shows that only one pool is away.

Source: RFC 6265 (cookies travel in heads); oauth2-proxy "Session Storage" (groups make cookies large);
ChromePHP, FirePHP (X-ChromeLogger-Data, X-Wf-*: the log is a header of the answer); php.net "Installation of
extensions" (an extension that does not load keeps FPM from starting); common phrases of reports in English,
German, Spanish, Portuguese, French, Italian, Russian, Polish, Chinese, Japanese and Korean.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "many_groups": "somebody writes of users with many groups, roles or claims; fields: what",
    "login_returns": "the answer to a login, or to its way back (OAuth, OpenID Connect, SAML); fields: what",
    "debug_header": "a tool that puts its log into the answer's head; fields: what",
    "php_only": "PHP's pages fail and plain files are served; fields: what",
    "one_address": "those behind one address are turned away; fields: what",
    "php_extension": "somebody put an extension into PHP before it failed; fields: what",
}
_MANY = r"(?:many|lots of|a lot of|hundreds of|dozens of|too many|more|~ ?\d{2,4}|(?:[2-9]\d|\d{3,4})\+?)"
_OF_USERS = (
    r"(?:(?:AD|LDAP|Azure|Entra|security|Keycloak|user|active directory) )?"
    r"(?:groups|roles|claims|memberships)"
    r"(?! (?:of|for) (?:the )?(?:servers?|hosts?|nodes?|machines?|pods?|products?))"
)
_LOGIN = r"(?:\w+ ){0,2}?(?:log(?:ging|ged)?[ -]?in|sign(?:ing|ed)?[ -]?in|authenticat\w+|authori[sz]\w+)\b"
_BAD_GATEWAY = r"(?:502|bad gateway)\b"
PATTERNS: tuple[Pattern, ...] = (
    says(
        "many_groups",
        rf"(?P<what>\b(?:in|of|with|ha(?:s|ve)|having|to|belongs? to) (?:about |over |more than |around |so "
        rf"|too )?{_MANY} {_OF_USERS}\b"
        rf"|\b{_MANY} {_OF_USERS} (?:in|assigned|per|are)\b"
        r"|\b(?:vielen?|mehreren hundert|\d{2,4}) (?:AD-?)?(?:Gruppen|Rollen)\b"
        r"|\b(?:muchos|demasiados|\d{2,4}) (?:grupos|roles)\b|\b(?:muitos|\d{2,4}) (?:grupos|pap[ée]is)\b"
        r"|\b(?:beaucoup de|trop de|\d{2,4}) (?:groupes|r[ôo]les)\b|\b(?:molti|troppi|\d{2,4}) (?:gruppi"
        r"|ruoli)\b"
        r"|(?:много|множеств\w+|\d{2,4}) (?:групп|ролей)|\b(?:wielu|du[żz]o|\d{2,4}) (?:grup|r[óo]l)\b"
        r"|(?:很多|大量|太多|\d{2,4} ?个)(?:用户|AD|LDAP)?(?:组|群组|角色)"
        r"|(?:多くの|多数の|\d{2,4}個の)(?:グループ|ロール)|(?:많은|\d{2,4}개의?) ?(?:그룹|역할))",
        "group",
        "role",
        "claim",
        "membership",
        "gruppe",
        "rolle",
        "grupo",
        "groupe",
        "papéis",
        "papeis",
        "rôles",
        "gruppi",
        "ruoli",
        "групп",
        "ролей",
        "grup",
        "ról",
        "rol",
        "组",
        "角色",
        "グループ",
        "ロール",
        "그룹",
        "역할",
    ),
    says(
        "many_groups",
        r"(?P<what>\b(?:more|additional|extra|new|too many|a lot of|lots of) (?:\w+ )?(?:claims|roles"
        r"|groups|data|fields"
        r"|permissions|scopes) (?:to|in|into|inside) (?:the |my |our |its )?(?:\w+ )?(?:JWT|token|cookie"
        r"|session)s?\b"
        r"|\b(?:JWT|ID token|access token|session cookie)\b.{0,20}\b(?:is|got|gets|became|was|too)"
        r" (?:\w+ )?(?:big|large|long|huge)\b"
        r"|\bmembers? of (?:every|all|nearly all|almost every|each) (?:\w+ )?groups?\b"
        r"|\b(?:only one|a single|just one|few|fewer|no) (?:roles?|groups?|claims?)\b.{0,40}\b(?:works?"
        r"|fine|ok|log in)\b)",
        "jwt",
        "token",
        "cookie",
        "session",
        "group",
        "role",
        "claim",
    ),
    says(
        "with_cookies",
        r"(?P<what>\b(?:clear|delet|remov|wip)(?:ing|ed|e|es|s)?\b.{0,20}\b(?:site data|browsing data"
        r"|browser data|local storage"
        r"|browser cache)\b.{0,40}\b(?:works?|working|fine|helps?|helped|fix(?:es|ed)|solv(?:es|ed)|gone)\b)",
        "site data",
        "browsing data",
        "browser data",
        "local storage",
        "browser cache",
    ),
    says(
        "php_only",
        r"(?P<what>\b(?:all|only|every|each|any) (?:the )?\.?php[ -](?:pages?|files?|scripts?"
        r"|sites?)\b.{0,60}"
        r"\b(?:static|html|images?|css|plain files?)\b.{0,25}\b(?:works?|fine|ok|okay|load|served?|well)\b"
        r"|\b(?:static|html|images?|css) (?:files? |pages? |content )?(?:\w+ ){0,2}(?:works?|fine|ok"
        r"|okay|loads?|served?)\b.{0,60}"
        r"\bphp\b.{0,30}\b(?:50[234]|bad gateway|not|fails?)\b)",
        "php",
    ),
    says(
        "one_address",
        r"(?P<what>\b(?:behind|from|via|in) (?:the |our |one |a )?(?:same |office |company |school "
        r"|corporate |single )*"
        r"(?:NAT|IP|IP address|proxy|VPN|network)\b.{0,40}\b(?:503|429|too many requests|blocked|limited)\b)",
        "503",
        "429",
        "too many",
        "blocked",
        "limited",
    ),
    says(
        "login_returns",
        r"(?P<what>/oauth2?/callback|/signin-oidc|/auth(?:/\w{1,20}){0,2}/callback|/login/oauth2/code"
        r"|/saml2?/(?:acs|consume)|/openid/callback|/sso/callback|/oidc/callback|/callback\?code=)",
        "callback",
        "signin-oidc",
        "oauth2",
        "saml",
    ),
    says(
        "login_returns",
        rf"(?P<what>\bafter {_LOGIN}.{{0,80}}\b{_BAD_GATEWAY}|\b{_BAD_GATEWAY}.{{0,40}}\bafter {_LOGIN})",
        "502",
        "bad gateway",
    ),
    says(
        "debug_header",
        r"(?P<what>\bchrome ?php(?:handler)?\b|\bfire ?php(?:handler)?\b|\bchrome ?logger\b"
        r"|\bX-Chrome(?:Logger|Php)-Data\b|\bX-Wf-|\bwildfire\b|\bX-Debug-Log\b"
        r"|\bserver-timing\b.{0,40}\b(?:large"
        r"|long|huge|big)\b)",
        "chromephp",
        "chrome php",
        "firephp",
        "fire php",
        "chromelogger",
        "chrome logger",
        "x-chrome",
        "x-wf-",
        "wildfire",
        "x-debug-log",
        "server-timing",
    ),
    says(
        "php_extension",
        # Neither a part of an address nor a browser's.
        r"(?!.*\b(?:browser|chrome|firefox) extension)(?P<what>\b(?:with|because of|since) (?:the |a )?new"
        r" (?:php )?extension\b|(?<![/.])\b(?:install\w*"
        r"|enabl\w*|add(?:s|ed|ing)?|activat\w*|upgrad\w*|load(?:s|ed|ing)?(?! shared libr)"
        r"|compil\w*)\b.{0,40}"
        r"\b(?:php )?(?:extensions?|ioncube|swoole\w*|imagick|xdebug|opcache|zend (?:guard|opcache)|source"
        r" ?guardian"
        r"|phalcon|apcu|redis\.so|\w+\.so)\b"
        r"|\b(?:Erweiterung|PHP-Modul)\w*\b.{0,40}\b(?:installiert|aktiviert)"
        r"|\b(?:instal\w*|activ\w*|habilit\w*)\b.{0,40}\bextensi[óo]n\b|\b(?:instal\w*"
        r"|ativ\w*)\b.{0,40}\bextens[ãa]o\b"
        r"|\b(?:install\w*|activ\w*)\b.{0,40}\bestensione\b"
        r"|(?:установил|включил|подключил)\w*.{0,40}(?:расширени|модул)"
        r"|\b(?:zainstalowa\w*|w[łl][ąa]czy\w*)\b.{0,40}\brozszerzeni"
        r"|(?:安装|装|启用|开启|添加)了?.{0,20}(?:扩展|拓展|擴展)|(?:拡張(?:モジュール"
        r"|機能)?).{0,20}(?:インストール|有効)"
        r"|확장.{0,20}(?:설치|활성))",
        "extension",
        "ioncube",
        "swoole",
        "imagick",
        "xdebug",
        "opcache",
        "zend",
        "guardian",
        "phalcon",
        "apcu",
        ".so",
        "erweiterung",
        "php-modul",
        "extensi",
        "extens",
        "estensione",
        "расширени",
        "модул",
        "rozszerzeni",
        "扩展",
        "拓展",
        "擴展",
        "拡張",
        "확장",
    ),
)
READERS: tuple[Reader, ...] = ()
