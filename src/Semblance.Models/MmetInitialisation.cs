using Semblance.Tensors;
using Semblance.Tensors.Layers;

namespace Semblance.Models;

/// <summary>Start values of every part of MMET. Biases and norms start as their layers make them: biases at 0, norms at 1 and 0.</summary>
internal static class MmetInitialisation
{
    /// <summary>Draws the start values; vectors too, where the code leaves zeros that delay the breaking of symmetry [D6].</summary>
    public static void Apply(Module model, double deviation)
    {
        foreach (var (name, parameter) in model.NamedParameters())
        {
            if (name.EndsWith("class_token", StringComparison.Ordinal) || name.EndsWith("mask_token", StringComparison.Ordinal)
                || name.EndsWith("image_encoder.positions", StringComparison.Ordinal))
            {
                Initialise.TruncatedNormal(parameter, 0, deviation, -2 * deviation, 2 * deviation);
            }
            else if (name.EndsWith(".weight", StringComparison.Ordinal) && parameter.Rank >= 2)    // linear, convolution, embedding
            {
                Initialise.Normal(parameter, 0, deviation);
                if (name.EndsWith("words.weight", StringComparison.Ordinal))
                {
                    using (Autograd.NoGrad())
                    {
                        using var padding = parameter.Narrow(0, 0, 1);
                        Initialise.Zeros(padding);
                    }
                }
            }
            else if (name.EndsWith(".bias", StringComparison.Ordinal))
            {
                Initialise.Zeros(parameter);
            }
        }
    }
}
