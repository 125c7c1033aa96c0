using Semblance.Evaluation.Protocols;

namespace Semblance.Evaluation.Tests;

public sealed class QueryExpansionTests
{
    private static readonly LabelledEmbeddings Query = LabelledEmbeddings.From([new Sighting("0")], [[1, 0]]);
    private static readonly LabelledEmbeddings Gallery = LabelledEmbeddings.From([new Sighting("0"), new Sighting("1")], [[0.8f, 0.6f], [0, 1]]);

    /// <summary>One neighbour beside itself, α 3.</summary>
    [Fact]
    public void TheWorkedExampleComesOut()
    {
        var (expanded, gallery) = QueryExpansion.Expand(Query, Gallery, new QueryExpansionOptions { Neighbours = 1, Alpha = 3 });
        Assert.Equal(0.97706613, expanded.Rows[0], 1e-6);
        Assert.Equal(0.21293609, expanded.Rows[1], 1e-6);
        Assert.Same(Gallery, gallery);
    }

    [Fact]
    public void AverageExpansionWeighsAllAlike()
    {
        var (expanded, _) = QueryExpansion.Expand(Query, Gallery, new QueryExpansionOptions { Neighbours = 2, Alpha = 0 });
        var norm = Math.Sqrt((1.8 * 1.8) + (1.6 * 1.6));
        Assert.Equal(1.8 / norm, expanded.Rows[0], 1e-6);
        Assert.Equal(1.6 / norm, expanded.Rows[1], 1e-6);
    }

    [Fact]
    public void ANegativeSimilarityWeighsNothingAndIsNoNaN()
    {
        var gallery = LabelledEmbeddings.From([new Sighting("0")], [[-1, 0]]);
        var (expanded, _) = QueryExpansion.Expand(Query, gallery, new QueryExpansionOptions { Neighbours = 5, Alpha = 2.5 });
        Assert.Equal([1f, 0f], expanded.Rows);
    }

    [Fact]
    public void JunkAndTheItemItselfAreNobodysNeighbour()
    {
        var gallery = new LabelledEmbeddings([Gallery.Items[0] with { Role = GalleryRole.Junk }, Gallery.Items[1]], Gallery.Rows, 2);
        var options = new QueryExpansionOptions { Neighbours = 1, Alpha = 0, IncludeSelf = false, Side = ExpansionSide.Both };
        var (queries, expanded) = QueryExpansion.Expand(Query, gallery, options);
        Assert.Equal([0f, 1f], queries.Rows);
        Assert.Equal([0f, 1f], expanded.Rows[..2]);

        // The second item has no neighbour but junk and itself.
        Assert.Equal(1, expanded.ZeroVectors);
    }

    [Fact]
    public void TwoRoundsAreTwiceOne()
    {
        var (queries, gallery) = (Matrices.People(20, 16, 5, 1, "q"), Matrices.People(100, 16, 5, 2, "g"));
        var once = QueryExpansion.Expand(queries, gallery);
        var twice = QueryExpansion.Expand(queries, gallery, new QueryExpansionOptions { Rounds = 2 });
        Assert.Equal(QueryExpansion.Expand(once.Queries, once.Gallery).Queries.Rows, twice.Queries.Rows);
    }

    [Fact]
    public void ExpansionHelpsWherePeopleFormClusters()
    {
        var (queries, gallery) = (Matrices.People(60, 48, 15, 1, "q"), Matrices.People(300, 48, 15, 2, "g"));
        var protocol = new ImageProtocol();
        var (expanded, _) = QueryExpansion.Expand(queries, gallery);
        Assert.True(protocol.Evaluate(expanded, gallery).MeanAveragePrecision > protocol.Evaluate(queries, gallery).MeanAveragePrecision + 0.02);
    }

    [Fact]
    public void WrongOptionsAreNamed() =>
        Assert.Contains("0 neighbours", Assert.Throws<ArgumentException>(() => QueryExpansion.Expand(Query, Gallery, new QueryExpansionOptions { Neighbours = 0 })).Message, StringComparison.Ordinal);
}
