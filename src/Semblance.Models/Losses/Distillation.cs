using Semblance.Tensors;

namespace Semblance.Models.Losses;

/// <summary>How a student of LCR²S follows its teacher; but for the plain form, lengths of features do not matter.</summary>
public static class Distillation
{
    /// <summary><c>L_fd = 1/2B Σ_i |n(v_i) - n(v̂_i)|² + |n(t_i) - n(t̂_i)|²</c>, in 0 .. 4; or <c>1/2BD Σ_i |v_i - v̂_i|² + |t_i - t̂_i|²</c>.</summary>
    /// <param name="image">The student's v, <c>[B, D]</c>.</param>
    /// <param name="text">The student's t.</param>
    /// <param name="teacherImage">The teacher's v̂.</param>
    /// <param name="teacherText">The teacher's t̂.</param>
    /// <param name="form">Which of the two.</param>
    /// <returns>Scalar, float32.</returns>
    public static Tensor Features(Tensor image, Tensor text, Tensor teacherImage, Tensor teacherText, FeatureLoss form = FeatureLoss.Direction)
    {
        using var _ = Autocast.Off();
        if (form == FeatureLoss.Plain)
        {
            return ((image - teacherImage).To(ScalarType.Float32).Square().Mean() + (text - teacherText).To(ScalarType.Float32).Square().Mean()) / 2;
        }

        return ((Unit(image) - Unit(teacherImage)).Square().Sum([1]).Mean() + (Unit(text) - Unit(teacherText)).Square().Sum([1]).Mean()) / 2;
    }

    /// <summary>
    /// <c>L_rd = 1/B |R - R̂|_F²</c> with <c>R_ij = n(v_i) · n(t_j)</c> and R̂ the teacher's; or <c>|R - R̂|_F</c>; or the mean of
    /// <c>KL(softmax R̂_i || softmax R_i)</c> over the rows plus the same over the columns.
    /// </summary>
    /// <param name="image">The student's v, <c>[B, D]</c>.</param>
    /// <param name="text">The student's t.</param>
    /// <param name="teacherImage">The teacher's v̂; its width may differ from the student's.</param>
    /// <param name="teacherText">The teacher's t̂.</param>
    /// <param name="form">Which of the three.</param>
    /// <returns>Scalar, float32; in nats for the divergence.</returns>
    public static Tensor Relations(Tensor image, Tensor text, Tensor teacherImage, Tensor teacherText, RelationLoss form = RelationLoss.Squared)
    {
        using var _ = Autocast.Off();
        var relations = Unit(image).MatMul(Unit(text).T());                                                        // [B, B]
        var guide = Unit(teacherImage).MatMul(Unit(teacherText).T());
        return form switch
        {
            RelationLoss.Frobenius => (relations - guide).Norm(),
            RelationLoss.Kl => Divergence(guide, relations) + Divergence(guide.T(), relations.T()),
            _ => (relations - guide).Square().Sum([1]).Mean(),
        };
    }

    /// <summary><c>mean_i KL(softmax p_i || softmax q_i)</c> over the rows.</summary>
    private static Tensor Divergence(Tensor p, Tensor q) => (p.Softmax(1) * (p.LogSoftmax(1) - q.LogSoftmax(1))).Sum([1]).Mean();

    private static Tensor Unit(Tensor feature)
    {
        ArgumentNullException.ThrowIfNull(feature);
        return feature.To(ScalarType.Float32).Normalize();
    }
}
