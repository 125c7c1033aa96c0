namespace Semblance.Imaging;

/// <summary>How people are searched for. The defaults suit cameras above a street, with people of 60 to 300 pixels.</summary>
public sealed record PeopleDetectorOptions
{
    /// <summary>The frame is enlarged so often before the search: the model knows people of 96 pixels and more.</summary> <value>2: people from 48 pixels on.</value>
    public double Enlargement { get; init; } = 2;

    /// <summary>Pixels (of the enlarged frame) between windows; a multiple of 8.</summary> <value>8</value>
    public int Stride { get; init; } = 8;

    /// <summary>Step between the sizes of people tried.</summary> <value>1.1: finds as many in vtest.avi as OpenCV's 1.05, a quarter sooner.</value>
    public double Scale { get; init; } = 1.1;

    /// <summary>Least margin of the SVM where nothing is known about motion.</summary> <value>0.4</value>
    public double LeastMargin { get; init; } = 0.4;

    /// <summary>Least margin where motion speaks for a person.</summary> <value>0</value>
    public double LeastMarginMoving { get; init; }

    /// <summary>Least share of a person's middle, half its width, that must move.</summary> <value>0.4</value>
    public double LeastMoving { get; init; } = 0.4;

    /// <summary>Least height of a person in pixels of the frame.</summary> <value>48</value>
    public int LeastHeight { get; init; } = 48;

    /// <summary>Least height over width of a box.</summary> <value>1.5: a person with wide arms or a bag.</value>
    public double LeastAspect { get; init; } = 1.5;

    /// <summary>Largest height over width of a box; a narrower one is widened to it.</summary> <value>3.2</value>
    public double MostAspect { get; init; } = 3.2;

    /// <summary>Room round the person on each side, as a share of the box.</summary> <value>0.05, about as in Market-1501's hand-drawn boxes.</value>
    public double Room { get; init; } = 0.05;

    /// <summary>Largest intersection over union of two people.</summary> <value>0.45</value>
    public double MostOverlap { get; init; } = 0.45;
}
