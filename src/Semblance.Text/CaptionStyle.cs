namespace Semblance.Text;

/// <summary>How freely a caption is worded.</summary>
public enum CaptionStyle
{
    /// <summary>Varied clause order, several sentences, synonyms, hedges, omissions and errors, as in captions that people write.</summary>
    Rich,

    /// <summary>Six skeletons with few synonyms; every fact right (the toolkit generator, decision D27).</summary>
    Plain,

    /// <summary>One skeleton in the order of MMET's figure 2: gender and age, sleeves or length with the upper colour, lower colour, shoes, glasses, bag.</summary>
    Fixed,
}

/// <summary>Whether captions speak of the surroundings, which say nothing about who somebody is.</summary>
public enum EnvironmentWords { None, Full }
