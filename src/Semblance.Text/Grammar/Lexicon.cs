namespace Semblance.Text.Grammar;

/// <summary>All that captions are made of: for each fact the ways in which people name it. The first way is the plain one.</summary>
internal static class Lexicon
{
    private static readonly Words[] ColourWords = ForEach<ColourName>(colour => colour switch
    {
        ColourName.Black => "black:12|jet black:.4|pitch black:.3|ebony:.2|coal black:.2|solid black:.3",
        ColourName.White => "white:12|pure white:.3|bright white:.4|snow white:.3|plain white:.4",
        ColourName.Grey => "grey:5|gray:5|medium grey:.3|ash grey:.3|slate grey:.4|heather grey:.3|ashy gray:.1",
        ColourName.LightGrey => "light grey:4|light gray:4|pale grey|silver:.5|silvery grey:.4|pearl grey:.2|whitish grey:.2",
        ColourName.DarkGrey => "dark grey:4|dark gray:4|charcoal|charcoal grey|deep grey:.4|graphite:.3|anthracite:.2|gunmetal grey:.2|blackish grey:.2",
        ColourName.Red => "red:12|bright red|scarlet:.4|crimson:.4|cherry red:.3|vivid red:.3|ruby red:.2",
        ColourName.DarkRed => "dark red:4|maroon:2|burgundy:2|wine red:.6|deep red|brick red:.4|oxblood:.1|wine coloured:.3|reddish brown:.3",
        ColourName.Orange => "orange:10|bright orange|burnt orange:.4|tangerine:.3|pumpkin orange:.2|neon orange:.3|reddish orange:.2",
        ColourName.Yellow => "yellow:10|bright yellow|lemon yellow:.4|canary yellow:.3|sunny yellow:.2|golden yellow:.4|neon yellow:.3",
        ColourName.Mustard => "mustard:3|mustard yellow:2|dark yellow:1.5|ochre:.4|gold:.6|mustard coloured:.4|brownish yellow:.4",
        ColourName.Green => "green:10|bright green:.8|grass green:.4|emerald green:.4|emerald:.3|kelly green:.2|apple green:.2",
        ColourName.DarkGreen => "dark green:6|deep green|forest green|bottle green:.4|hunter green:.3|pine green:.2",
        ColourName.Olive => "olive:3|olive green:3|army green|military green:.5|moss green:.4|khaki green:.4|olive drab:.2",
        ColourName.LightGreen => "light green:5|pale green|mint:.5|mint green:.8|lime green:.8|lime:.3|pistachio green:.2",
        ColourName.Teal => "teal:5|blue green|bluish green:.8|dark turquoise:.5|petrol blue:.3|peacock blue:.2|greenish blue:.4",
        ColourName.Turquoise => "turquoise:5|aqua|aqua blue:.5|cyan:.8|aquamarine:.3|turquoise blue:.5",
        ColourName.Blue => "blue:12|bright blue:.8|royal blue:.8|cobalt blue:.4|medium blue:.5|cobalt:.2|electric blue:.2",
        ColourName.LightBlue => "light blue:6|pale blue|sky blue|baby blue:.6|powder blue:.4|washed blue:.3|ice blue:.2|faded blue:.4",
        ColourName.DarkBlue => "dark blue:8|deep blue|indigo:.4|midnight blue:.4|ink blue:.2|blackish blue:.2",
        ColourName.Navy => "navy:3|navy blue:5|dark blue:1.5|dark navy:.5|marine blue:.2",
        ColourName.Purple => "purple:8|violet|dark purple:.6|deep purple:.5|plum:.4|grape purple:.1|aubergine:.2|royal purple:.2",
        ColourName.Lavender => "lavender:3|light purple:2.5|lilac|pale purple:.8|mauve:.4|pale violet:.3",
        ColourName.Pink => "pink:10|light pink|pale pink:.8|baby pink:.4|salmon pink:.3|rose pink:.3|rose:.2|soft pink:.2",
        ColourName.Magenta => "magenta:2.5|hot pink:2.5|bright pink:2|fuchsia|deep pink:.5|raspberry pink:.2",
        ColourName.Brown => "brown:10|dark brown|chocolate brown:.5|chestnut brown:.3|coffee coloured:.3|chocolate:.3|cocoa brown:.1|medium brown:.3",
        ColourName.Beige => "beige:5|tan:2|light brown:1.2|camel:.6|sand coloured:.4|sandy:.3|camel coloured:.3|fawn:.2|nude:.2|oatmeal:.2",
        ColourName.Khaki => "khaki:7|tan|khaki coloured:.5|sandy brown:.4|greenish brown:.3|dusty khaki:.1",
        ColourName.Cream => "cream:4|off-white:2.5|cream coloured|ivory:.8|eggshell:.2|vanilla:.1|creamy white:.4|yellowish white:.2",
        _ => throw new ArgumentOutOfRangeException(nameof(colour), colour, "a colour without words"),
    });

    private static readonly Words[] UpperWords = ForEach<UpperGarment>(garment => garment switch
    {
        UpperGarment.Coat => "coat:8|overcoat|winter coat|parka:.6|trench coat:.5|topcoat:.3|outer coat:.2|raincoat:.2|long coat:.6",
        UpperGarment.Jacket => "jacket:10|zip-up jacket:.6|windbreaker:.6|blazer:.4|anorak:.2|bomber jacket:.3|sports jacket:.4|casual jacket:.3|zipped jacket:.2",
        UpperGarment.Hoodie => "hoodie:7|hooded sweatshirt:1.5|hooded top|hooded sweater:.8|hooded jumper:.4|sweatshirt with a hood:.5|hoody:.4",
        UpperGarment.Shirt => "shirt:10|button-up shirt|button-down shirt:.6|dress shirt:.7|collared shirt:.8|buttoned shirt:.3|casual shirt:.3",
        UpperGarment.TShirt => "t-shirt:9|tee shirt:.8|tee:.7|tshirt:.8|crew neck t-shirt:.2|shirt:1.2|jersey:.3|top:.5",
        UpperGarment.Blouse => "blouse:8|top|tunic:.6|shirt:.8|ladies' shirt:.2|flowing top:.2",
        UpperGarment.Sweater => "sweater:8|jumper:1.2|pullover|knitted sweater:.5|sweatshirt:.8|knit top:.3|knitwear top:.1|cardigan:.3|woollen sweater:.2",
        UpperGarment.Vest => "vest:7|gilet:.8|body warmer:.4|waistcoat:.6|sleeveless jacket:.8|padded vest:.3",
        UpperGarment.Top => "top:6|shirt:2|upper garment:.6|garment on the upper body:.2|upper clothing~:.3",
        _ => throw new ArgumentOutOfRangeException(nameof(garment), garment, "a garment without words"),
    });

    private static readonly Words[] LowerWords = ForEach<LowerGarment>(garment => garment switch
    {
        LowerGarment.Trousers => "trousers+:5|pants+:8|slacks+:.8|bottoms+:.6|long pants+:.8|dress pants+:.4|full-length trousers+:.2|chinos+:.3|long trousers+:.3",
        LowerGarment.Jeans => "jeans+:10|denim jeans+:1.2|denim pants+:.7|denim trousers+:.5|denims+:.4|jean pants+:.3|pants+:.8",
        LowerGarment.Shorts => "shorts+:10|short pants+:.8|knee-length shorts+:.7|bermuda shorts+:.3|short trousers+:.3|half pants+:.2|cropped pants+:.2",
        LowerGarment.Skirt => "skirt:10|knee-length skirt:.5|short skirt:.4|midi skirt:.2|mini skirt:.2|pleated skirt:.1",
        LowerGarment.Dress => "dress:12|one-piece dress:.5|frock:.6|gown:.5|sundress:.3|one-piece:.2",
        _ => throw new ArgumentOutOfRangeException(nameof(garment), garment, "a garment without words"),
    });

    private static readonly Words[] FootwearWords = ForEach<Footwear>(footwear => footwear switch
    {
        Footwear.Shoes => "shoes+:12|footwear~:.8|loafers+:.3|dress shoes+:.4|leather shoes+:.4|flat shoes+:.4|lace-up shoes+:.2",
        Footwear.Sneakers => "sneakers+:6|trainers+:1.5|running shoes+:1.2|sports shoes+|athletic shoes+:.5|tennis shoes+:.8|gym shoes+:.3|shoes+:2.5|sport shoes+:.3",
        Footwear.Boots => "boots+:10|ankle boots+|high boots+:.5|leather boots+:.5|winter boots+:.3|knee-high boots+:.2",
        Footwear.Sandals => "sandals+:9|open sandals+:.4|flip-flops+:.6|slippers+:.6|open-toed shoes+:.4",
        _ => throw new ArgumentOutOfRangeException(nameof(footwear), footwear, "footwear without words"),
    });

    private static readonly Words[] HeadwearWords = ForEach<Headwear>(headwear => headwear switch
    {
        Headwear.None => "hat",
        Headwear.Cap => "cap:8|baseball cap:2|peaked cap:.4|ball cap:.5|sports cap:.3|hat",
        Headwear.Hat => "hat:9|brimmed hat:.7|sun hat:.6|wide-brimmed hat:.4|round hat:.2|bucket hat:.3",
        Headwear.Beanie => "beanie:6|knit cap|knitted hat|woolly hat:.8|winter hat|stocking cap:.3|wool cap:.5|skull cap:.2",
        Headwear.Hood => "hood",
        _ => throw new ArgumentOutOfRangeException(nameof(headwear), headwear, "headwear without words"),
    });

    /// <summary>Hair has colour words of its own; nobody has beige hair.</summary>
    private static readonly Words[] HairColourWords = ForEach<ColourName>(colour => colour switch
    {
        ColourName.Black => "black:8|dark:2|jet-black:.4|raven:.2|blackish:.3",
        ColourName.Brown => "brown:7|brunette|chestnut:.4|brownish:.4|dark brown:1.2|light brown:.6",
        ColourName.DarkGrey or ColourName.Grey => "grey:3|gray:3|greying:.5|salt and pepper:.3",
        ColourName.LightGrey or ColourName.White => "white:2|silver|grey|gray:.6|light grey:.5",
        ColourName.Yellow or ColourName.Mustard or ColourName.Beige or ColourName.Cream or ColourName.Khaki => "blond:3|blonde:4|fair|light:.5|golden:.4|dirty blonde:.2",
        ColourName.Red or ColourName.DarkRed or ColourName.Orange => "red:3|ginger|auburn|reddish:.8|copper:.2",
        ColourName.Pink or ColourName.Magenta => "pink:3|dyed pink",
        ColourName.Purple or ColourName.Lavender => "purple:3|dyed purple",
        ColourName.Green or ColourName.LightGreen or ColourName.DarkGreen or ColourName.Olive => "green:3|dyed green",
        _ => "blue:3|dyed blue",
    });

    // Who
    public static readonly Words Man = "man:12|guy:1.2|male:1.5|gentleman:.7|fellow:.3|male pedestrian:.4|adult male:.3|male person:.2";
    public static readonly Words YoungMan = "young man:5|boy:3|teenage boy:1.5|teenager:.5|young guy:.8|young male:.6|lad:.3|teen boy:.4|youth:.3|adolescent boy:.1";
    public static readonly Words OldMan = "old man:4|elderly man:3|older man:3|senior man:.7|elderly gentleman:.5|aged man:.4|older gentleman:.5|old guy:.2|senior citizen:.2";
    public static readonly Words Woman = "woman:11|lady:3|female:1.5|girl|female pedestrian:.4|adult female:.2|female person:.2";
    public static readonly Words YoungWoman = "young woman:5|girl:4|teenage girl:1.5|young lady:1.5|teenager:.4|young female:.6|teen girl:.4|young girl:.6|adolescent girl:.1";
    public static readonly Words OldWoman = "old woman:4|elderly woman:3|older woman:3|elderly lady|senior woman:.6|old lady|aged woman:.3|older lady:.5";
    public static readonly Words Somebody = "person:9|pedestrian:2|individual:1.2|figure:.4|passer-by:.4|passerby:.4|walker:.2|human:.2";
    public static readonly Words YoungSomebody = "young person:4|teenager:2|youngster:.5|young pedestrian:.4|teen:.4|adolescent:.2";
    public static readonly Words OldSomebody = "elderly person:3|old person:2|older person:2|senior:.4|elder:.2|older pedestrian:.2";
    public static readonly Words Slim = "slim:4|thin:3|slender:1.5|skinny|lean:.6|slightly built:.3|lanky:.2";
    public static readonly Words Heavy = "heavy-set:1.5|stocky:1.5|overweight|heavily built:.6|stout:.6|plump:.6|chubby:.6|large:.8|big:.6|broad:.3|heavy:.6|bulky:.2";
    public static readonly Words SlimFigure = "a slim build:2|a slim figure|a slender frame:.5|a thin body:.6|a lean physique:.2";
    public static readonly Words HeavyFigure = "a heavy build:2|a stocky frame|a broad build:.5|a heavy body:.5|a full figure:.4";
    public static readonly Words Tall = "tall:6|rather tall:.6|quite tall:.3";
    public static readonly Words Short = "short:4|small|petite:.4|shortish:.1|rather short:.4";

    // How clothes are worn
    public static readonly Words Wears = "is wearing:6|wears:4|is dressed in:2|has on:.8|is clad in:.4|is in:1|sports:.4|is clothed in:.3|is seen wearing:.5|is outfitted in:.15|dons:.15";
    public static readonly Words Wear = "are wearing:6|wear:4|are dressed in:2|have on:.8|are clad in:.3|are in";
    public static readonly Words WearsHedged = "appears to be wearing:3|seems to be wearing:2|looks to be wearing|is apparently wearing:.5|is probably wearing:.5|might be wearing:.3";
    public static readonly Words WearHedged = "appear to be wearing:3|seem to be wearing:2|are apparently wearing:.5|are probably wearing:.5";
    public static readonly Words WornWith = "and:5|with:4|paired with|along with|together with:.8|teamed with:.2|combined with:.2|worn with:.4|as well as:.5|over:.8|matched with:.3";
    public static readonly Words Wearing = "wearing:8|dressed in:3|clad in:.5|in:4|with:.8|clothed in:.2|sporting:.3";
    public static readonly Words StartWearing = "wearing:6|dressed in:3|clad in:.6|in:1.5|sporting:.3";

    // Cloth
    public static readonly Words Striped = "striped:7|stripy:.4|stripe-patterned:.2|pinstriped:.2|stripey:.2";
    public static readonly Words Stripes = "stripes:5|stripe pattern:.5|lines:.4|bands:.3|striping:.1";
    public static readonly Words Checked = "checked:3|plaid:4|checkered:3|chequered:.6|tartan:.5|gingham:.3|flannel:.3";
    public static readonly Words Checks = "checks:3|squares:.7|checkered pattern:1.5|plaid pattern:.8|check pattern:.6";
    public static readonly Words Printed = "printed:3|patterned:3|graphic:.8|multicolored:.2";
    public static readonly Words Print = "print:4|pattern:3|design:2|graphic|logo|picture:.6|motif:.3|lettering:.4|image:.4|emblem:.2";
    public static readonly Words PlainCloth = "plain:5|solid-coloured:.6|solid:.8|simple:.8|unpatterned:.2|single-coloured:.2";
    public static readonly Words ShortSleeved = "short-sleeved:5|short sleeved:2|short sleeve:2|short-sleeve|half-sleeved:.4|half sleeve:.3";
    public static readonly Words LongSleeved = "long-sleeved:5|long sleeved:2|long sleeve:2|long-sleeve|full-sleeved:.4|full sleeve:.2";
    public static readonly Words Sleeveless = "sleeveless:8|armless:.1|tank-style:.1";
    public static readonly Words CroppedLength = "short:4|cropped|waist-length:.7|hip-length:.3";
    public static readonly Words LongLength = "long:6|knee-length:1.5|full-length:.6|thigh-length:.6|lengthy:.1";
    public static readonly Words Underneath = "underneath:4|beneath it:1|under it:2|inside:.8|showing underneath:.5|visible underneath:.5|peeking out:.2";
    public static readonly Words InnerLayer = "shirt:5|t-shirt:2.5|top:2.5|undershirt:.6|layer:.4|tee:.3|inner shirt:.4";
    public static readonly Words DarkTone = "dark:6|dark coloured:2|dark-colored:1.5|dark toned:.3|darkish:.2|deep coloured:.2";
    public static readonly Words LightTone = "light:3|light coloured:3|light-colored:2|pale:1.2|bright:.5|light toned:.3|whitish:.3|pastel:.3";
    public static readonly Words BrightTone = "bright:3|brightly coloured:1.5|colourful|colorful:.8|vivid:.5|vibrant:.4|bright-colored:.6";
    public static readonly Words Clothes = "clothes+:5|clothing~:4|outfit:2.5|garments+:.7|attire~:.8|ensemble:.2";

    // Hair and head
    public static readonly Words Bald = "a bald head:4|a shaved head:2|no hair:.6|a clean-shaven head:.3|a hairless head:.2";
    public static readonly Words ShortHair = "short:7|short cropped:.5|cropped:.6|close-cropped:.5|trimmed:.3|neatly cut:.3|buzzed:.2";
    public static readonly Words MediumHair = "shoulder-length:4|medium-length:3|medium length|mid-length|chin-length:.3|medium:.6|bob-cut:.3";
    public static readonly Words LongHair = "long:9|long flowing:.6|waist-length:.2|very long:.3|long straight:.7";
    public static readonly Words Ponytail = "in a ponytail:4|tied in a ponytail:3|pulled back in a ponytail|tied back:1.5|pulled back:.8|tied up in a pony tail:.5|gathered in a ponytail:.2";
    public static readonly Words Bun = "in a bun:4|tied in a bun:2|worn in a bun:.6|tied up:1.5|pinned up:.4|pulled up in a bun:.5|in a knot:.2";
    public static readonly Words Curly = "curly:6|wavy:2|frizzy:.4|curled:.4|curly-looking:.1";
    public static readonly Words Glasses = "glasses+:8|eyeglasses+|spectacles+:.8|eyewear~:.3|specs+:.2|a pair of glasses~:2";
    public static readonly Words HoodUp = "the hood up:3|the hood pulled up:1.5|a hood over the head:1.2|the head covered by a hood:.6|a hood drawn over the head:.2";

    // What is carried
    public static readonly Words Backpack = "backpack:9|rucksack:.8|book bag:.5|school bag:.6|schoolbag:.3|knapsack:.3|bag:1.2|back pack:.6|bookbag:.3|pack:.2";
    public static readonly Words OnTheBack = "on {his} back:4|:5|over {his} shoulders|on both shoulders:.5|strapped to {his} back:.5|slung over one shoulder:.4|on {his} shoulders:.6";
    public static readonly Words Handbag = "handbag:5|purse:2.5|shoulder bag:1.5|bag:3|tote bag:.7|hand bag:.6|satchel:.3|shopping bag:.3|tote:.2|carrier bag:.2";
    public static readonly Words InTheHand = "in {his} hand:3|:5|on {his} arm:.6|over {his} shoulder|in one hand:1.2|at {his} side:.6|across {his} body:.4|hanging from {his} arm:.2";
    public static readonly Words AnyBag = "bag:8|some kind of bag:.6|bag of some sort:.5|satchel:.2|carry bag:.2";
    public static readonly Words Umbrella = "umbrella:10|open umbrella:.6|parasol:.5|raised umbrella:.1";
    public static readonly Words Phone = "a phone:5|a cell phone:2.5|a mobile phone:2.5|{his} phone:3|a smartphone:1.2|a cellphone:.8|{his} mobile:.6|a mobile device:.2|a handset:.1";
    public static readonly Words Carries = "is carrying:6|carries:3|has:2|is seen carrying:.4";
    public static readonly Words Carry = "are carrying:6|carry:3|have:2";
    public static readonly Words Bears = "is wearing:3|has:3|is carrying:3|carries:2|wears:1";
    public static readonly Words Bear = "are wearing:3|have:3|are carrying:3|carry:2";
    public static readonly Words Holds = "is holding:5|holds:3|is carrying:2|carries|is clutching:.2|is gripping:.2";
    public static readonly Words Hold = "are holding:5|hold:3|are carrying:2";
    public static readonly Words UsesPhone = "is looking at:4|is holding:3|is using:2|is talking on:2|is staring at:.4|is checking:.6|is reading something on:.2|is busy with:.3|holds:1|looks at|is texting on:.2";
    public static readonly Words UsePhone = "are looking at:4|are holding:3|are using:2|are talking on:2|hold:1|look at";
    public static readonly Words UsingPhone = "looking at:4|holding:3|using:2|talking on:2|checking:.5";

    // What is done
    public static readonly Words Walks = "is walking:6|walks:2|is strolling:.5|is walking along:1|is on foot:.2|is striding:.3|is moving forward:.3|is taking a step:.5|is mid-step:.2|is heading somewhere:.2|is walking by:.6|walks past:.2";
    public static readonly Words Walk = "are walking:6|walk:2|are walking along|are strolling:.3|are taking a step:.3";
    public static readonly Words Walking = "walking:7|walking along|strolling:.6|striding:.3|walking by:.6|moving along:.2";
    public static readonly Words Stands = "is standing:6|stands:2|is standing still|is waiting:.5|is standing upright:.5|stands still:.4|is not moving:.2|is standing around:.2";
    public static readonly Words Stand = "are standing:6|stand:2|are standing still|are waiting:.5";
    public static readonly Words Standing = "standing:7|standing still|waiting:.5|standing upright:.3";

    // How sure the writer is, and other talk
    public static readonly Words LooksLike = "what looks like:4|what appears to be:3|what seems to be:2|probably:.6|possibly:.6|maybe:.5|perhaps:.2|presumably:.1|something like:.2";
    public static readonly Words Opener = "in this picture|in the picture|in the photo:.6|in this image:.6|in this shot:.3|here:.3|in the frame:.2|in view:.1";
    public static readonly Words Shown = "there is:3|the picture shows:1.2|the image shows:.8|we can see:.8|this is:2|i can see:.4|one sees:.1|the photo shows:.6|you can see:.3|visible is:.1|the camera captures:.2";
    public static readonly Words ThisOne = "this person:2|the person:3|the individual:.6|the pedestrian:.6|the subject:.2";
    public static readonly Words Also = "also:4|additionally:.2|:9";
    public static readonly Words Finish = "complete the outfit|complete the look:.8|round off the outfit:.3|finish the look:.3|go with it:.2";
    public static readonly Words Finishes = "completes the outfit|completes the look:.8|rounds off the outfit:.3|finishes the look:.3|goes with it:.2";
    public static readonly Words Padding = "as far as can be seen in this picture|as far as one can tell from here:.7|in this somewhat unclear picture:.5";
    public static readonly Words ColourHedge = "or maybe:2|or:4|or possibly|or perhaps:.4";

    // Surroundings
    public static readonly Words Front = "facing the camera:3|seen from the front:2|viewed from the front|coming towards the camera:.6|looking towards the viewer:.3|facing forward:.8";
    public static readonly Words Back = "seen from behind:3|facing away from the camera:2|viewed from the back|with {his} back to the camera:2|seen from the rear:.4|walking away from the viewer:.2";
    public static readonly Words Left = "facing left:3|turned to the left:1.5|seen from the side, facing left|looking left:.8|heading left:.5|in left profile:.3";
    public static readonly Words Right = "facing right:3|turned to the right:1.5|seen from the side, facing right|looking right:.8|heading right:.5|in right profile:.3";

    /// <summary>All ways to name a colour of cloth.</summary>
    public static Words Colour(ColourName colour) => ColourWords[(int)colour];

    public static Words HairColour(ColourName colour) => HairColourWords[(int)colour];

    public static Words Upper(UpperGarment garment) => UpperWords[(int)garment];

    public static Words Lower(LowerGarment garment) => LowerWords[(int)garment];

    public static Words Feet(Footwear footwear) => FootwearWords[(int)footwear];

    public static Words Head(Headwear headwear) => HeadwearWords[(int)headwear];

    public static Words Person(Gender gender, AgeGroup age) => (gender, age) switch
    {
        (Gender.Male, AgeGroup.Teenager) => YoungMan,
        (Gender.Male, AgeGroup.Elder) => OldMan,
        (Gender.Male, _) => Man,
        (Gender.Female, AgeGroup.Teenager) => YoungWoman,
        (Gender.Female, AgeGroup.Elder) => OldWoman,
        (Gender.Female, _) => Woman,
        (_, AgeGroup.Teenager) => YoungSomebody,
        (_, AgeGroup.Elder) => OldSomebody,
        _ => Somebody,
    };

    /// <summary>Words for FineGPR's weathers; another word is used as it stands.</summary>
    public static Words Weather(string weather) => weather switch
    {
        "sunny" => "on a sunny day:3|in bright sunshine|in the sun|in sunny weather|under a clear sky:.5",
        "clouds" => "on a cloudy day:3|under a cloudy sky|in cloudy weather|under scattered clouds:.4",
        "overcast" => "on an overcast day:3|under a grey sky|in dull weather:.6|in overcast weather",
        "foggy" => "on a foggy day:3|in the fog:2|in misty weather|in hazy weather:.5",
        "neutral" => "in ordinary weather|in calm weather|in fair weather:.5",
        "blizzard" => "in a blizzard:3|in a snowstorm:2|in heavy snow:2|in a storm:.5",
        "snowlight" => "in light snow:3|in falling snow:2|while it snows a little|on a snowy day:2",
        _ => $"in {weather} weather",
    };

    /// <summary>Words for FineGPR's times of day; another word is used as it stands.</summary>
    public static Words TimeOfDay(string time) => time switch
    {
        "midnight" => "at midnight:3|in the middle of the night:2|in the dark",
        "dawn" => "at dawn:3|at sunrise:2|at daybreak:.6|early in the morning",
        "forenoon" => "in the morning:3|before noon:2|in the forenoon",
        "noon" => "at noon:3|at midday:2|in the middle of the day",
        "afternoon" => "in the afternoon:4|after noon:.5|later in the day:.5",
        "dusk" => "at dusk:3|in the evening:2|at sunset:2|at twilight:.6",
        "night" => "at night:4|by night|after dark:2",
        _ => $"at {time}",
    };

    /// <summary>Words for a place; another word is used as it stands.</summary>
    public static Words Scene(string scene) => scene switch
    {
        "urban" => "in the city:3|on a city street:2|in an urban area:2|in town|on the pavement:.6|on a sidewalk:.6",
        "wild" => "in the countryside:3|in the wild:2|in open country|outdoors among trees:.6|in a rural area",
        _ => $"at the {scene}:2|in the {scene}|near the {scene}|by the {scene}:.5",
    };

    /// <summary>The viewpoint in words, by FineGPR's angles: 90 front, 270 back, 0 facing the left border, 180 the right one.</summary>
    public static Words View(int degrees) => ((((degrees + 45) % 360) + 360) % 360 / 90) switch
    {
        0 => Left,
        1 => Front,
        2 => Right,
        _ => Back,
    };

    private static Words[] ForEach<T>(Func<T, Words> words)
        where T : struct, Enum => [.. Enum.GetValues<T>().Select(words)];
}
