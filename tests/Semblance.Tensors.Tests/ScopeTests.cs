namespace Semblance.Tensors.Tests;

public sealed class ScopeTests
{
    [Fact]
    public void AScopeFreesWhatWasMadeInItAndNothingElse()
    {
        using var before = Tensor.Ones([2]);
        Tensor inside;
        using (new TensorScope())
        {
            inside = before + 1;
        }

        Assert.True(inside.IsDisposed);
        Assert.False(before.IsDisposed);
        Assert.Throws<ObjectDisposedException>(() => inside + before);
    }

    [Fact]
    public void WhatIsKeptGoesToTheEnclosingScopeOrToItsHolder()
    {
        Tensor kept, twice;
        using (var outer = new TensorScope())
        {
            using (var inner = new TensorScope())
            {
                kept = inner.Keep(Tensor.Ones([1]));
                twice = outer.Keep(inner.Keep(Tensor.Ones([1])));
            }

            Assert.False(kept.IsDisposed);
        }

        Assert.True(kept.IsDisposed);
        Assert.False(twice.IsDisposed);
        twice.Dispose();
    }

    [Fact]
    public void AnOuterScopeKeepsWhatAnInnerOneMade()
    {
        Tensor kept;
        using (var outer = new TensorScope())
        {
            using (new TensorScope())
            {
                kept = outer.Keep(Tensor.Ones([1]));
            }
        }

        Assert.False(kept.IsDisposed);
        kept.Dispose();
    }

    [Fact]
    public void WhatIsReleasedOutlivesEveryScope()
    {
        Tensor parameter;
        using (new TensorScope())
        {
            using (new TensorScope())
            {
                parameter = TensorScope.Release(Tensor.Ones([1]));
            }
        }

        Assert.False(parameter.IsDisposed);
        parameter.Dispose();
    }

    [Fact]
    public void AScopeBelongsToItsThread()
    {
        Tensor? elsewhere = null;
        using (new TensorScope())
        {
            var thread = new Thread(() => elsewhere = Tensor.Ones([1]));
            thread.Start();
            thread.Join();
        }

        Assert.False(elsewhere!.IsDisposed);
        elsewhere.Dispose();
    }

    [Fact]
    public void ClosingAnOuterScopeFirstIsRefused()
    {
        var outer = new TensorScope();
        var inner = new TensorScope();
        Assert.Contains("reverse order", Assert.Throws<InvalidOperationException>(outer.Dispose).Message, StringComparison.Ordinal);
        inner.Dispose();
        outer.Dispose();
    }

    [Fact]
    public void ALeftOverTensorIsReportedWithItsShape()
    {
        Tensor? left = null;
        var error = Assert.Throws<InvalidOperationException>(() => TensorDiagnostics.AssertNoneLeft(() =>
        {
            left = Tensor.Zeros([3, 5]);
            Tensor.Zeros([1]).Dispose();
        }));
        Assert.Contains("1 of 2 tensors are left alive: [3, 5] Float32", error.Message, StringComparison.Ordinal);
        left!.Dispose();
    }

    [Fact]
    public void TensorsMadeAndFreedByHandLeaveNone() => TensorDiagnostics.AssertNoneLeft(() =>
    {
        using var a = Tensor.Ones([2, 2]);
        using var b = a * 2;
        using var c = b[0];
        Assert.Equal([2f, 2f], c.ToArray<float>());
        foreach (var part in b.Split(1))
        {
            part.Dispose();
        }
    });
}
