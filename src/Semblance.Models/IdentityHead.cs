using Semblance.Tensors;
using Semblance.Tensors.Layers;

namespace Semblance.Models;

/// <summary>
/// BNNeck (Luo et al. 2019): batch normalisation with a weight and no bias between the feature and a classifier without bias. The feature after it is what retrieval uses.
/// </summary>
internal sealed class IdentityHead : Module
{
    public IdentityHead(int width, int classes)
    {
        Neck = Register("neck", new BatchNorm1d(width));
        Neck.Bias!.RequiresGrad = false;                       // frozen at 0: the classes stay centred on the origin
        if (classes > 0)
        {
            Classifier = Register("classifier", new Linear(width, classes, bias: false));
            Initialise.Normal(Classifier.Weight, 0, 0.001);
        }
    }

    public BatchNorm1d Neck { get; }

    /// <summary>Null in a model that no longer trains.</summary>
    public Linear? Classifier { get; }
}
