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

    /// <summary>To be printed at each run and to stand in every result.</summary>
    public const string DukeMtmc =
        "DukeMTMC-reID has been withdrawn by its publisher. Duke University removed the source recordings in April 2019 because collection and release went beyond the approved study. "
        + "The people shown did not consent to this use. Do not start new work on it; for comparison with old papers, get the approval of your own institution, do not pass the data on, "
        + "and say in your report that the set is withdrawn. Market-1501, MSMT17 or a synthetic set can usually take its place.";

    public const string Cuhk03 = "CUHK03 was published by the Chinese University of Hong Kong (Li et al., CVPR 2014) for academic use. " + RealPeople;

    public const string Msmt17 = "MSMT17 was published by Peking University (Wei et al., CVPR 2018), on request; prefer V2, where faces are blurred. " + RealPeople;

    public const string IcfgPedes = "ICFG-PEDES was published by Ding et al. (2021), on request, with pictures from MSMT17, whose agreement applies too. " + RealPeople;

    public const string RstpReid = "RSTPReid was published by Zhu et al. (ACM Multimedia 2021), with pictures from MSMT17, whose agreement governs them. " + RealPeople;

    public const string CuhkSysu = "CUHK-SYSU was published by the Chinese University of Hong Kong (Xiao et al., CVPR 2017) for academic use, on request. " + RealPeople;

    public const string RandPerson = "RandPerson was published by Wang et al. (ACM Multimedia 2020). It shows rendered people, so no personal data.";

    public const string FineGpr =
        "FineGPR was published by Xiang et al. (2021) for non-commercial research, without redistribution. It shows rendered people, so no personal data; the terms of the game it comes from may matter.";

    public const string OwnPictures =
        "Pictures of people are personal data: have a lawful ground for using them, tell the people where you must, and delete what you no longer need.";

    public const string Synthetic = "These pictures are rendered and show nobody.";
}
