using Semblance.Data;
using Semblance.Gallery;
using Semblance.Models;

namespace Semblance.Filing.Tests;

public sealed class MatchCalibratorTests(Pictures pictures)
{
    [Fact]
    public void ProbabilitiesAreAsOftenRightAsTheySay()
    {
        using var encoder = ModelFile.Open(Galleries.Model);
        var calibration = MatchCalibrator.Fit(DataLayout.Open("market1501", pictures.World, new DatasetOptions { AllowIncomplete = true, MaxMissing = int.MaxValue }), encoder);
        foreach (var curve in new[] { calibration.Image, calibration.Joint, calibration.Composed })
        {
            Assert.True(curve!.Slope > 0);
        }

        Assert.Equal(calibration, MatchCalibration.Read(calibration.Write()));
        QueryTerm Term(string space, double weight = 1) => new(new Embedding(space, new float[1], ""), weight);
        Assert.Equal(calibration.Image!.At(0.8), calibration.Probability([Term(GallerySpaces.Image)], 0.8));
        Assert.Equal(calibration.Joint!.At(0.4), calibration.Probability([Term(GallerySpaces.Joint)], 0.4));
        Assert.Equal(calibration.Composed!.At(2), calibration.Probability([Term(GallerySpaces.Image), Term(GallerySpaces.Joint)], 2));
        Assert.Null((calibration with { Composed = null }).Probability([Term(GallerySpaces.Image, -1)], 2));
    }
}
