using Semblance.Core.Vectors;
using Semblance.Gallery.Stores;

namespace Semblance.Gallery.Live;

/// <summary>The terms of a question as unit vectors, once it is known that they fit to a gallery.</summary>
internal static class TermVectors
{
    /// <exception cref="ArgumentException">There is no term, or one does not fit; the message says which and why.</exception>
    public static float[][] Checked(SightingQuery query, StoredModel model) => query.Terms.Count > 0
        ? [.. query.Terms.Select(term => Checked(term, model))]
        : throw new ArgumentException("the question has no term: give words or a picture", nameof(query));

    /// <exception cref="ArgumentException">The gallery has no such space; the message lists those that it has.</exception>
    public static GallerySpace Space(StoredModel model, string name, string what) => model.Spaces.FirstOrDefault(space => space.Name == name)
        ?? throw new ArgumentException($"{what} is in space \"{name}\", which the gallery lacks; it has: {string.Join(", ", model.Spaces.Select(space => space.Name))}");

    private static float[] Checked(QueryTerm term, StoredModel model)
    {
        var what = term.Label is { } label ? $"the term \"{label}\"" : "a term of the question";
        model.Encoder.Check(term.Embedding, what);
        var width = Space(model, term.Embedding.Space, what).Width;
        if (term.Embedding.Vector.Length != width)
        {
            throw new ArgumentException($"{what} has {term.Embedding.Vector.Length} dimensions, but space \"{term.Embedding.Space}\" of the gallery has {width}");
        }

        if (!double.IsFinite(term.Weight) || term.Weight == 0)
        {
            throw new ArgumentException($"{what} has weight {term.Weight}, expected a finite number other than 0");
        }

        var vector = term.Embedding.Vector.ToArray();
        UnitVectors.NormaliseInPlace(vector);
        return vector;
    }
}
