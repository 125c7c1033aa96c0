namespace Semblance.Models.Tests;

public sealed class MmetOptionsTests
{
    [Fact]
    public void EveryPresetIsSoundAndFoundByItsName()
    {
        foreach (var name in MmetOptions.PresetNames)
        {
            Assert.Empty(MmetOptions.Preset(name).Faults());
        }

        Assert.Equal(MmetOptions.Small, MmetOptions.Preset("small"));
    }

    [Theory]
    [InlineData("mmet-paper", 210, 32, 289)]
    [InlineData("mmet-code", 196, 75, 275)]
    [InlineData("mmet-default", 128, 19, 207)]
    [InlineData("mmet-tiny", 32, 5, 66)]
    public void PresetsHaveThePatchesMasksAndFusionLengthOfTheSpecification(string name, int patches, int masked, int fusion)
    {
        var options = MmetOptions.Preset(name);
        Assert.Equal((patches, masked, fusion), (options.Grid.Count, options.MaskedPatches, options.FusionLength));
    }

    [Fact]
    public void AnUnknownPresetOffersTheNearest() =>
        Assert.Contains("did you mean \"mmet-small\"", Assert.Throws<ArgumentException>(() => MmetOptions.Preset("mmet-smal")).Message, StringComparison.Ordinal);

    [Fact]
    public void ValidateNamesEveryFaultAtOnce()
    {
        var message = Assert.Throws<ArgumentException>(() => (MmetOptions.Tiny with { Heads = 5, Stride = 16, FocusCap = 0, TextPositions = 8 }).Validate()).Message;
        Assert.All(new[] { "64 cannot be shared among 5 heads", "Stride 16 is larger than Patch 8", "FocusCap is 0", "TextPositions 8" }, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    [Fact]
    public void AStrideThatLeavesCellsOffCentreIsRefused() =>
        Assert.Contains("odd number", Assert.Single((MmetOptions.Default with { Stride = 13 }).Faults()), StringComparison.Ordinal);
}
