namespace Semblance.Text;

/// <summary>The colour words that captions and the synthetic world share.</summary>
public enum ColourName
{
    Black, White, Grey, LightGrey, DarkGrey, Red, DarkRed, Orange, Yellow, Mustard, Green, DarkGreen, Olive, LightGreen, Teal, Turquoise,
    Blue, LightBlue, DarkBlue, Navy, Purple, Lavender, Pink, Magenta, Brown, Beige, Khaki, Cream,
}

/// <summary>Gender as a caption would name it.</summary>
public enum Gender { Unknown, Male, Female }

/// <summary>Age as a caption would name it.</summary>
public enum AgeGroup { Unknown, Teenager, Adult, Elder }

/// <summary>How long the hair is.</summary>
public enum HairLength { Unknown, Bald, Short, Medium, Long }

/// <summary>How the hair is worn.</summary>
public enum HairStyle { Loose, Ponytail, Bun, Curly }

/// <summary>What covers the upper body; <see cref="Top"/> where only its colour or length is known.</summary>
public enum UpperGarment { Coat, Jacket, Hoodie, Shirt, TShirt, Blouse, Sweater, Vest, Top }

/// <summary>How far the sleeves reach.</summary>
public enum SleeveLength { None, Short, Long, Unknown }

/// <summary>How far down the upper garment reaches.</summary>
public enum GarmentLength { Short, Hip, Long }

/// <summary>What the cloth shows.</summary>
public enum ClothPattern { Plain, Striped, Checked, Printed }

/// <summary>What covers the lower body. A dress is one garment with the upper body's colour.</summary>
public enum LowerGarment { Trousers, Jeans, Shorts, Skirt, Dress }

/// <summary>What is worn on the feet.</summary>
public enum Footwear { Shoes, Sneakers, Boots, Sandals }

/// <summary>The hat, if any.</summary>
public enum Headwear { None, Cap, Hat, Beanie, Hood }

/// <summary>How light or dark something is, where no colour is known.</summary>
public enum Tone { Unknown, Dark, Light }

/// <summary>What the person does, as far as a still picture tells.</summary>
public enum Activity { Unknown, Walking, Standing }

/// <summary>Where a picture was taken and in what conditions; a caption mentions it only when asked to.</summary>
/// <param name="Weather">FineGPR's word: sunny, clouds, overcast, foggy, neutral, blizzard, snowlight.</param>
/// <param name="TimeOfDay">FineGPR's word: midnight, dawn, forenoon, noon, afternoon, dusk, night.</param>
/// <param name="Scene">A word for the place.</param>
/// <param name="ViewpointDegrees">FineGPR's convention: 90 front, 270 back, 0 facing the left border, 180 the right one.</param>
public sealed record SceneDescription(string Weather, string TimeOfDay, string Scene, int ViewpointDegrees);

/// <summary>All that words can say about how a person looks. The synthetic world fills it exactly; a data set with attributes fills what it knows.</summary>
public sealed record PersonDescription
{
    public Gender Gender { get; init; }

    public AgeGroup Age { get; init; }

    /// <summary>Body build: -1 slim, 0 average or unknown, 1 heavy.</summary>
    public int Build { get; init; }

    /// <summary>Body height: -1 short, 0 average or unknown, 1 tall.</summary>
    public int Stature { get; init; }

    public HairLength HairLength { get; init; }

    public HairStyle HairStyle { get; init; }

    public ColourName? HairColour { get; init; }

    public bool Glasses { get; init; }

    public Headwear Headwear { get; init; }

    public ColourName? HeadwearColour { get; init; }

    public UpperGarment Upper { get; init; }

    public ColourName? UpperColour { get; init; }

    /// <summary>The colour of stripes, checks or print; null when plain.</summary>
    public ColourName? UpperSecondColour { get; init; }

    public ClothPattern UpperPattern { get; init; }

    public SleeveLength Sleeves { get; init; } = SleeveLength.Long;

    public GarmentLength UpperLength { get; init; } = GarmentLength.Hip;

    /// <summary>What shows under an open coat or jacket; null when closed.</summary>
    public ColourName? InnerColour { get; init; }

    public LowerGarment Lower { get; init; }

    public ColourName? LowerColour { get; init; }

    public ClothPattern LowerPattern { get; init; }

    public ColourName? LowerSecondColour { get; init; }

    /// <summary>Spoken of only where its colour or tone is known: feet are often out of sight.</summary>
    public Footwear Footwear { get; init; }

    public ColourName? FootwearColour { get; init; }

    /// <summary>Used where <see cref="FootwearColour"/> is null.</summary>
    public Tone FootwearTone { get; init; }

    /// <summary>Null when there is none.</summary>
    public ColourName? Backpack { get; init; }

    /// <summary>Null when there is none.</summary>
    public ColourName? Handbag { get; init; }

    /// <summary>Null when there is none.</summary>
    public ColourName? Umbrella { get; init; }

    public bool Phone { get; init; }

    /// <summary>True when there is a bag of which neither kind nor colour is known.</summary>
    public bool Bag { get; init; }

    public Activity Activity { get; init; }

    /// <summary>Null when captions should not speak of the surroundings.</summary>
    public SceneDescription? Scene { get; init; }
}
