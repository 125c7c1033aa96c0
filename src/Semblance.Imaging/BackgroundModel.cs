using Semblance.Imaging.Interop;

namespace Semblance.Imaging;

/// <summary>What a camera that stands still sees when nobody is there, learnt from its own frames; tells what moves. For one thread at a time.</summary>
/// <remarks>A mixture of Gaussians for each pixel, with shadows told apart: Zivkovic, ICPR 2004, as in OpenCV's MOG2.</remarks>
public sealed class BackgroundModel : IDisposable
{
    private readonly BackgroundHandle _handle;

    /// <summary>A model that has seen nothing.</summary>
    /// <param name="history">Frames that the model remembers. 500 as in OpenCV.</param>
    /// <param name="threshold">Squared distance, in variances, from which a pixel is not the background. 25: OpenCV's 16 lets the noise of cheap cameras through.</param>
    /// <param name="share">Share of its time for which a pixel shows the background. 0.7: a person may stand in one place for the rest; OpenCV's 0.9 forgets people sooner.</param>
    public BackgroundModel(int history = 500, double threshold = 25, double share = 0.7)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(history);
        if (Native.BackgroundCreate(history, threshold, share, out _handle) != 0)
        {
            throw new InvalidOperationException($"the background model cannot be made: {Native.LastError}");
        }
    }

    /// <summary>Compares a frame with the background, then learns from it.</summary>
    /// <returns>1 where something moves, 0 elsewhere and in shadows. The first frame of all moves nowhere or everywhere: learn before you detect.</returns>
    public LabelMap Update(Picture frame) => Apply(frame, rate: -1);

    /// <summary>Compares without learning.</summary>
    public LabelMap Compare(Picture frame) => Apply(frame, rate: 0);

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private LabelMap Apply(Picture frame, double rate)
    {
        ArgumentNullException.ThrowIfNull(frame);
        var moving = new LabelMap(frame.Width, frame.Height);
        return Native.BackgroundApply(_handle, frame.Rgb, frame.Width, frame.Height, rate, moving.Labels) == 0
            ? moving
            : throw new InvalidOperationException($"a frame of {frame.Width} x {frame.Height} cannot be compared with the background: {Native.LastError}");
    }
}
