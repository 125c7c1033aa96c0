using System.Collections.Frozen;

namespace Semblance.Text;

/// <summary>Letters without their accents, as canonical decomposition followed by removal of the marks gives them.</summary>
/// <remarks>
/// The runtime runs with invariant globalisation, which does not decompose, so the pairs stand here: Unicode 15, every letter with one base letter.
/// Hangul syllables are taken apart by Unicode's arithmetic.
/// </remarks>
internal static class Accents
{
    private const int HangulFirst = 0xAC00;
    private const int HangulLast = 0xD7A3;

    private const string Pairs =
        "ÀAÁAÂAÃAÄAÅAÇCÈEÉEÊEËEÌIÍIÎIÏIÑNÒOÓOÔOÕOÖOÙUÚUÛUÜUÝYàaáaâaãaäaåaçcèeéeêeëeìiíiîiïiñnòoóoôoõoöoùu" +
        "úuûuüuýyÿyĀAāaĂAăaĄAąaĆCćcĈCĉcĊCċcČCčcĎDďdĒEēeĔEĕeĖEėeĘEęeĚEěeĜGĝgĞGğgĠGġgĢGģgĤHĥhĨIĩiĪIīiĬIĭiĮI" +
        "įiİIĴJĵjĶKķkĹLĺlĻLļlĽLľlŃNńnŅNņnŇNňnŌOōoŎOŏoŐOőoŔRŕrŖRŗrŘRřrŚSśsŜSŝsŞSşsŠSšsŢTţtŤTťtŨUũuŪUūuŬUŭu" +
        "ŮUůuŰUűuŲUųuŴWŵwŶYŷyŸYŹZźzŻZżzŽZžzƠOơoƯUưuǍAǎaǏIǐiǑOǒoǓUǔuǕUǖuǗUǘuǙUǚuǛUǜuǞAǟaǠAǡaǢÆǣæǦGǧgǨKǩkǪO" +
        "ǫoǬOǭoǮƷǯʒǰjǴGǵgǸNǹnǺAǻaǼÆǽæǾØǿøȀAȁaȂAȃaȄEȅeȆEȇeȈIȉiȊIȋiȌOȍoȎOȏoȐRȑrȒRȓrȔUȕuȖUȗuȘSșsȚTțtȞHȟhȦAȧa" +
        "ȨEȩeȪOȫoȬOȭoȮOȯoȰOȱoȲYȳyʹʹ;;΅¨ΆΑ··ΈΕΉΗΊΙΌΟΎΥΏΩΐιΪΙΫΥάαέεήηίιΰυϊιϋυόούυώωϓϒϔϒЀЕЁЕЃГЇІЌКЍИЎУЙИйиѐе" +
        "ёеѓгїіќкѝиўуѶѴѷѵӁЖӂжӐАӑаӒАӓаӖЕӗеӚӘӛәӜЖӝжӞЗӟзӢИӣиӤИӥиӦОӧоӪӨӫөӬЭӭэӮУӯуӰУӱуӲУӳуӴЧӵчӸЫӹы\u0622\u0627\u0623\u0627\u0624\u0648\u0625\u0627\u0626\u064a\u06c0\u06d5" +
        "\u06c2\u06c1\u06d3\u06d2\u0929\u0928\u0931\u0930\u0934\u0933\u0958\u0915\u0959\u0916\u095a\u0917\u095b\u091c\u095c\u0921\u095d\u0922\u095e\u092b\u095f\u092f\u09dc\u09a1\u09dd\u09a2\u09df\u09af\u0a33\u0a32\u0a36\u0a38\u0a59\u0a16\u0a5a\u0a17\u0a5b\u0a1c\u0a5e\u0a2b\u0b48\u0b47\u0b5c\u0b21\u0b5d\u0b22\u0cc0\u0cd5\u0cc7\u0cd5\u0cc8\u0cd6\u0cca\u0cc2\u0dda\u0dd9\u0f43\u0f42\u0f4d\u0f4c\u0f52\u0f51\u0f57\u0f56\u0f5c\u0f5b\u0f69\u0f40\u1026\u1025\u1b3b\u1b35\u1b3d\u1b35\u1b43\u1b35ḀAḁaḂBḃbḄBḅbḆBḇb" +
        "ḈCḉcḊDḋdḌDḍdḎDḏdḐDḑdḒDḓdḔEḕeḖEḗeḘEḙeḚEḛeḜEḝeḞFḟfḠGḡgḢHḣhḤHḥhḦHḧhḨHḩhḪHḫhḬIḭiḮIḯiḰKḱkḲKḳkḴKḵkḶLḷl" +
        "ḸLḹlḺLḻlḼLḽlḾMḿmṀMṁmṂMṃmṄNṅnṆNṇnṈNṉnṊNṋnṌOṍoṎOṏoṐOṑoṒOṓoṔPṕpṖPṗpṘRṙrṚRṛrṜRṝrṞRṟrṠSṡsṢSṣsṤSṥsṦSṧs" +
        "ṨSṩsṪTṫtṬTṭtṮTṯtṰTṱtṲUṳuṴUṵuṶUṷuṸUṹuṺUṻuṼVṽvṾVṿvẀWẁwẂWẃwẄWẅwẆWẇwẈWẉwẊXẋxẌXẍxẎYẏyẐZẑzẒZẓzẔZẕzẖhẗt" +
        "ẘwẙyẛſẠAạaẢAảaẤAấaẦAầaẨAẩaẪAẫaẬAậaẮAắaẰAằaẲAẳaẴAẵaẶAặaẸEẹeẺEẻeẼEẽeẾEếeỀEềeỂEểeỄEễeỆEệeỈIỉiỊIịiỌO" +
        "ọoỎOỏoỐOốoỒOồoỔOổoỖOỗoỘOộoỚOớoỜOờoỞOởoỠOỡoỢOợoỤUụuỦUủuỨUứuỪUừuỬUửuỮUữuỰUựuỲYỳyỴYỵyỶYỷyỸYỹyἀαἁαἂα" +
        "ἃαἄαἅαἆαἇαἈΑἉΑἊΑἋΑἌΑἍΑἎΑἏΑἐεἑεἒεἓεἔεἕεἘΕἙΕἚΕἛΕἜΕἝΕἠηἡηἢηἣηἤηἥηἦηἧηἨΗἩΗἪΗἫΗἬΗἭΗἮΗἯΗἰιἱιἲιἳιἴιἵιἶι" +
        "ἷιἸΙἹΙἺΙἻΙἼΙἽΙἾΙἿΙὀοὁοὂοὃοὄοὅοὈΟὉΟὊΟὋΟὌΟὍΟὐυὑυὒυὓυὔυὕυὖυὗυὙΥὛΥὝΥὟΥὠωὡωὢωὣωὤωὥωὦωὧωὨΩὩΩὪΩὫΩὬΩὭΩὮΩ" +
        "ὯΩὰαάαὲεέεὴηήηὶιίιὸοόοὺυύυὼωώωᾀαᾁαᾂαᾃαᾄαᾅαᾆαᾇαᾈΑᾉΑᾊΑᾋΑᾌΑᾍΑᾎΑᾏΑᾐηᾑηᾒηᾓηᾔηᾕηᾖηᾗηᾘΗᾙΗᾚΗᾛΗᾜΗᾝΗᾞΗᾟΗᾠω" +
        "ᾡωᾢωᾣωᾤωᾥωᾦωᾧωᾨΩᾩΩᾪΩᾫΩᾬΩᾭΩᾮΩᾯΩᾰαᾱαᾲαᾳαᾴαᾶαᾷαᾸΑᾹΑᾺΑΆΑᾼΑιι῁¨ῂηῃηῄηῆηῇηῈΕΈΕῊΗΉΗῌΗ῍᾿῎᾿῏᾿ῐιῑιῒιΐιῖιῗι" +
        "ῘΙῙΙῚΙΊΙ῝῾῞῾῟῾ῠυῡυῢυΰυῤρῥρῦυῧυῨΥῩΥῪΥΎΥῬΡ῭¨΅¨``ῲωῳωῴωῶωῷωῸΟΌΟῺΩΏΩῼΩ´´\u2000\u2002\u2001\u2003ΩΩKKÅA↚←↛→↮↔⇍⇐⇎⇔⇏⇒〈〈〉〉⫝̸⫝" +
        "がかぎきぐくげけごこざさじしずすぜせぞそだたぢちづつでてどとばはぱはびひぴひぶふぷふべへぺへぼほぽほゔうゞゝガカギキグクゲケゴコザサジシズスゼセゾソダタヂチヅツデテドトバハパハビヒピヒブフプフ" +
        "ベヘペヘボホポホヴウヷワヸヰヹヱヺヲヾヽ\ufb1d\u05d9\ufb1f\u05f2\ufb2a\u05e9\ufb2b\u05e9\ufb2c\u05e9\ufb2d\u05e9\ufb2e\u05d0\ufb2f\u05d0\ufb30\u05d0\ufb31\u05d1\ufb32\u05d2\ufb33\u05d3\ufb34\u05d4\ufb35\u05d5\ufb36\u05d6\ufb38\u05d8\ufb39\u05d9\ufb3a\u05da\ufb3b\u05db\ufb3c\u05dc\ufb3e\u05de\ufb40\u05e0\ufb41\u05e1\ufb43\u05e3\ufb44\u05e4\ufb46\u05e6\ufb47\u05e7\ufb48\u05e8\ufb49\u05e9\ufb4a\u05ea\ufb4b\u05d5\ufb4c\u05d1\ufb4d\u05db\ufb4e\u05e4";

    private static readonly FrozenDictionary<char, char> Base = Enumerable.Range(0, Pairs.Length / 2).ToFrozenDictionary(i => Pairs[2 * i], i => Pairs[(2 * i) + 1]);

    /// <summary>The letter without its accent; the letter itself when it has none.</summary>
    public static char Strip(char letter) => letter < 0x80 ? letter : Base.GetValueOrDefault(letter, letter);

    /// <summary>True for a Hangul syllable, which becomes two or three jamo.</summary>
    public static bool IsHangulSyllable(char letter) => letter is >= (char)HangulFirst and <= (char)HangulLast;

    /// <summary>The jamo of a Hangul syllable (Unicode chapter 3.12).</summary>
    public static string Jamo(char syllable)
    {
        var index = syllable - HangulFirst;
        var (lead, vowel, tail) = ((char)(0x1100 + (index / 588)), (char)(0x1161 + (index % 588 / 28)), (char)(0x11A7 + (index % 28)));
        return tail == 0x11A7 ? $"{lead}{vowel}" : $"{lead}{vowel}{tail}";
    }
}
