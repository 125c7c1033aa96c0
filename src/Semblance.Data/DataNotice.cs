namespace Semblance.Data;

/// <summary>What a person is told before working with a data set: who published it, what is allowed, how the people depicted are concerned.</summary>
public static class DataNotice
{
    /// <summary>For every set of real people.</summary>
    public const string RealPeople =
        "These pictures show real people who mostly did not agree to research use. The publisher allows non-commercial research only and forbids passing the data on. "
        + "Follow the publisher's terms and your own ethics and data protection rules.";

    public const string Market1501 = "Market-1501 was published by Tsinghua University (Zheng et al., ICCV 2015). " + RealPeople;

    public const string CuhkPedes =
        "CUHK-PEDES was published by the Chinese University of Hong Kong (Li et al., CVPR 2017), with pictures from five older sets whose own terms apply too. " + RealPeople;

    public const string FineGpr =
        "FineGPR was published by Xiang et al. (2021) for non-commercial research, without redistribution. It shows rendered people, so no personal data; the terms of the game it comes from may matter.";

    public const string OwnPictures =
        "Pictures of people are personal data: have a lawful ground for using them, tell the people where you must, and delete what you no longer need.";

    public const string Synthetic = "These pictures are rendered and show nobody.";
}
