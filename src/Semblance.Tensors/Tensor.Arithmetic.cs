using Semblance.Tensors.Interop;

namespace Semblance.Tensors;

/// <content>Arithmetic by element, reductions, comparisons and products. Shapes broadcast as in PyTorch.</content>
public sealed partial class Tensor
{
    public static Tensor operator +(Tensor a, Tensor b) => Operator.One("add.Tensor", a, b);

    public static Tensor operator +(Tensor a, Number b) => Operator.One("add.Scalar", a, b);

    public static Tensor operator +(Number a, Tensor b) => Operator.One("add.Scalar", b, a);

    public static Tensor operator -(Tensor a, Tensor b) => Operator.One("sub.Tensor", a, b);

    public static Tensor operator -(Tensor a, Number b) => Operator.One("sub.Scalar", a, b);

    public static Tensor operator -(Number a, Tensor b) => Operator.One("rsub.Scalar", b, a);

    public static Tensor operator *(Tensor a, Tensor b) => Operator.One("mul.Tensor", a, b);

    public static Tensor operator *(Tensor a, Number b) => Operator.One("mul.Scalar", a, b);

    public static Tensor operator *(Number a, Tensor b) => Operator.One("mul.Scalar", b, a);

    public static Tensor operator /(Tensor a, Tensor b) => Operator.One("div.Tensor", a, b);

    public static Tensor operator /(Tensor a, Number b) => Operator.One("div.Scalar", a, b);

    public static Tensor operator /(Number a, Tensor b)
    {
        using var inverse = Operator.One("reciprocal", b);
        return inverse * a;
    }

    public static Tensor operator -(Tensor a) => Operator.One("neg", a);

    public static Tensor Add(Tensor left, Tensor right) => left + right;

    public static Tensor Subtract(Tensor left, Tensor right) => left - right;

    public static Tensor Multiply(Tensor left, Tensor right) => left * right;

    public static Tensor Divide(Tensor left, Tensor right) => left / right;

    public static Tensor Negate(Tensor tensor) => -tensor;

    /// <summary>The quotient rounded towards minus infinity.</summary>
    public Tensor FloorDivide(Number divisor) => Operator.One("floor_divide.Scalar", this, divisor);

    /// <summary>The remainder, with the divisor's sign.</summary>
    public Tensor Remainder(Number divisor) => Operator.One("remainder.Scalar", this, divisor);

    public Tensor Pow(Number exponent) => Operator.One("pow.Tensor_Scalar", this, exponent);

    public Tensor Pow(Tensor exponent) => Operator.One("pow.Tensor_Tensor", this, exponent);

    public Tensor Square() => Operator.One("square", this);

    public Tensor Sqrt() => Operator.One("sqrt", this);

    public Tensor Rsqrt() => Operator.One("rsqrt", this);

    public Tensor Reciprocal() => Operator.One("reciprocal", this);

    public Tensor Exp() => Operator.One("exp", this);

    public Tensor Expm1() => Operator.One("expm1", this);

    public Tensor Log() => Operator.One("log", this);

    public Tensor Log1p() => Operator.One("log1p", this);

    public Tensor Sin() => Operator.One("sin", this);

    public Tensor Cos() => Operator.One("cos", this);

    public Tensor Erf() => Operator.One("erf", this);

    public Tensor Abs() => Operator.One("abs", this);

    public Tensor Sign() => Operator.One("sign", this);

    public Tensor Floor() => Operator.One("floor", this);

    public Tensor Ceil() => Operator.One("ceil", this);

    public Tensor Round() => Operator.One("round", this);

    public Tensor Clamp(Number min, Number max) => Operator.One("clamp", this, min, max);

    public Tensor ClampMin(Number min) => Operator.One("clamp_min", this, min);

    public Tensor ClampMax(Number max) => Operator.One("clamp_max", this, max);

    public static Tensor Maximum(Tensor a, Tensor b) => Operator.One("maximum", a, b);

    public static Tensor Minimum(Tensor a, Tensor b) => Operator.One("minimum", a, b);

    public Tensor Maximum(Tensor other) => Maximum(this, other);

    public Tensor Minimum(Tensor other) => Minimum(this, other);

    /// <summary>this + weight · (end - this).</summary>
    public Tensor Lerp(Tensor end, Number weight) => Operator.One("lerp.Scalar", this, end, weight);

    // ---- reductions

    public Tensor Sum() => Operator.One("sum", this);

    public Tensor Sum(int dim, bool keepDim = false) => Sum([dim], keepDim);

    public Tensor Sum(ReadOnlySpan<long> dims, bool keepDim = false) => Operator.One("sum.dim_IntList", this, dims, keepDim);

    public Tensor Mean() => Operator.One("mean", this);

    public Tensor Mean(int dim, bool keepDim = false) => Mean([dim], keepDim);

    public Tensor Mean(ReadOnlySpan<long> dims, bool keepDim = false) => Operator.One("mean.dim", this, dims, keepDim);

    /// <summary>Variance over all elements, divided by n - 1, or by n when not <paramref name="unbiased"/>.</summary>
    public Tensor Var(bool unbiased = true) => Operator.One("var", this, unbiased);

    public Tensor Var(int dim, bool unbiased = true, bool keepDim = false) => Var([dim], unbiased, keepDim);

    public Tensor Var(ReadOnlySpan<long> dims, bool unbiased = true, bool keepDim = false) => Operator.One("var.dim", this, dims, unbiased, keepDim);

    /// <summary>Standard deviation over all elements: the root of <see cref="Var(bool)"/>.</summary>
    public Tensor Std(bool unbiased = true) => Operator.One("std", this, unbiased);

    public Tensor Std(int dim, bool unbiased = true, bool keepDim = false) => Std([dim], unbiased, keepDim);

    public Tensor Std(ReadOnlySpan<long> dims, bool unbiased = true, bool keepDim = false) => Operator.One("std.dim", this, dims, unbiased, keepDim);

    /// <summary>The greatest element of all.</summary>
    public Tensor Max() => Operator.One("max", this);

    /// <summary>The least element of all.</summary>
    public Tensor Min() => Operator.One("min", this);

    public (Tensor Values, Tensor Indices) Max(long dim, bool keepDim = false) => Operator.Two("max.dim", this, dim, keepDim);

    public (Tensor Values, Tensor Indices) Min(long dim, bool keepDim = false) => Operator.Two("min.dim", this, dim, keepDim);

    public Tensor Amax(int dim, bool keepDim = false) => Amax([dim], keepDim);

    /// <summary>The greatest elements over some dimensions; equal ones share the gradient.</summary>
    public Tensor Amax(ReadOnlySpan<long> dims, bool keepDim = false) => Operator.One("amax", this, dims, keepDim);

    public Tensor Amin(int dim, bool keepDim = false) => Amin([dim], keepDim);

    /// <summary>The least elements over some dimensions; equal ones share the gradient.</summary>
    public Tensor Amin(ReadOnlySpan<long> dims, bool keepDim = false) => Operator.One("amin", this, dims, keepDim);

    /// <summary>The index of the greatest element along a dimension, or among all elements in order.</summary>
    public Tensor Argmax(long? dim = null, bool keepDim = false) => Operator.One("argmax", this, dim, keepDim);

    /// <summary>The index of the least element along a dimension, or among all elements in order.</summary>
    public Tensor Argmin(long? dim = null, bool keepDim = false) => Operator.One("argmin", this, dim, keepDim);

    public (Tensor Values, Tensor Indices) TopK(long k, long dim = -1, bool largest = true) => Operator.Two("topk", this, k, dim, largest);

    /// <summary>Sorted along a dimension, equal elements in their old order.</summary>
    public (Tensor Values, Tensor Indices) Sort(long dim = -1, bool descending = false) => Operator.Two("sort.stable", this, true, dim, descending);

    /// <summary>The indices that sort a dimension, equal elements in their old order.</summary>
    public Tensor Argsort(long dim = -1, bool descending = false)
    {
        var (values, indices) = Sort(dim, descending);
        values.Dispose();
        return indices;
    }

    public Tensor Cumsum(long dim) => Operator.One("cumsum", this, dim);

    /// <summary>(Σ|x|ᵖ)^(1/p) over all elements.</summary>
    public Tensor Norm(double p = 2) => Operator.One("norm.Scalar", this, p);

    /// <summary>(Σ|x|ᵖ)^(1/p) along a dimension.</summary>
    public Tensor Norm(double p, int dim, bool keepDim = false) => Operator.One("norm.ScalarOpt_dim", this, p, (long[])[dim], keepDim);

    public Tensor Any() => Operator.One("any", this);

    public Tensor Any(long dim, bool keepDim = false) => Operator.One("any.dim", this, dim, keepDim);

    public Tensor All() => Operator.One("all", this);

    public Tensor All(long dim, bool keepDim = false) => Operator.One("all.dim", this, dim, keepDim);

    // ---- comparisons: Bool tensors

    public Tensor Eq(Tensor other) => Operator.One("eq.Tensor", this, other);

    public Tensor Eq(Number other) => Operator.One("eq.Scalar", this, other);

    public Tensor Ne(Tensor other) => Operator.One("ne.Tensor", this, other);

    public Tensor Ne(Number other) => Operator.One("ne.Scalar", this, other);

    public Tensor Lt(Tensor other) => Operator.One("lt.Tensor", this, other);

    public Tensor Lt(Number other) => Operator.One("lt.Scalar", this, other);

    public Tensor Le(Tensor other) => Operator.One("le.Tensor", this, other);

    public Tensor Le(Number other) => Operator.One("le.Scalar", this, other);

    public Tensor Gt(Tensor other) => Operator.One("gt.Tensor", this, other);

    public Tensor Gt(Number other) => Operator.One("gt.Scalar", this, other);

    public Tensor Ge(Tensor other) => Operator.One("ge.Tensor", this, other);

    public Tensor Ge(Number other) => Operator.One("ge.Scalar", this, other);

    public Tensor LogicalAnd(Tensor other) => Operator.One("logical_and", this, other);

    public Tensor LogicalOr(Tensor other) => Operator.One("logical_or", this, other);

    public Tensor LogicalNot() => Operator.One("logical_not", this);

    public Tensor IsNaN() => Operator.One("isnan", this);

    // ---- products

    /// <summary>The matrix product over the last two dimensions; the others broadcast.</summary>
    public Tensor MatMul(Tensor other) => Operator.One("matmul", this, other);

    /// <summary>The matrix products of <c>[B, n, m]</c> and <c>[B, m, p]</c>.</summary>
    public Tensor Bmm(Tensor other) => Operator.One("bmm", this, other);

    /// <summary>beta · this + alpha · (a b), for batches of matrices.</summary>
    public Tensor Baddbmm(Tensor a, Tensor b, double beta = 1, double alpha = 1) => Operator.One("baddbmm", this, a, b, beta, alpha);

    /// <summary>beta · this + alpha · (a b), for matrices.</summary>
    public Tensor Addmm(Tensor a, Tensor b, double beta = 1, double alpha = 1) => Operator.One("addmm", this, a, b, beta, alpha);

    /// <summary>The inner product of two vectors.</summary>
    public Tensor Dot(Tensor other) => Operator.One("dot", this, other);
}
