using Semblance.Tensors;
using Semblance.Tensors.Layers;

namespace Semblance.Models.Backbones;

/// <summary>First values of convolutional networks that end each convolution in a ReLU.</summary>
internal static class ConvolutionalStart
{
    /// <summary>
    /// Convolutions are drawn by He et al. 2015 (arXiv 1502.01852) over their outputs, with biases of 0, and linear layers with a deviation of 0.01 and biases of 0; normalisations stay at 1 and 0.
    /// </summary>
    public static void Apply(Module network)
    {
        foreach (var (_, module) in network.NamedModules())
        {
            switch (module)
            {
                case Conv2d convolution:
                    Initialise.KaimingNormal(convolution.Weight, FanMode.Out);
                    Zero(convolution.Bias);
                    break;
                case Linear linear:
                    Initialise.Normal(linear.Weight, 0, 0.01);
                    Zero(linear.Bias);
                    break;
            }
        }

        static void Zero(Tensor? bias)
        {
            if (bias is not null)
            {
                Initialise.Zeros(bias);
            }
        }
    }
}
