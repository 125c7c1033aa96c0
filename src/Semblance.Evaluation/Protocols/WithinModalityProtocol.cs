namespace Semblance.Evaluation.Protocols;

/// <summary>
/// MMET's three rows on CUHK-PEDES: one list of pictures, captions or pairs is queries and gallery at once; whatever belongs to the query's own picture is left out, and
/// a query whose person has no other picture is skipped and counted. No cameras.
/// </summary>
/// <remarks>The paper marks only which modality is at hand; its rows without any text or any picture cannot be text-to-image search, so this reading is ours.</remarks>
public sealed class WithinModalityProtocol(WithinModality modality) : RetrievalProtocol
{
    /// <inheritdoc/>
    public override string Key => modality switch
    {
        WithinModality.Image => "within-image",
        WithinModality.Text => "within-text",
        _ => "within-pair",
    };

    /// <inheritdoc/>
    public override bool OwnPictureExcluded => true;

    /// <summary>Evaluates one list against itself.</summary>
    public RetrievalResult Evaluate(LabelledEmbeddings items, EvaluationOptions? options = null) => Evaluate(items, items, options);

    private protected override void Check(IReadOnlyList<Sighting> queries, IReadOnlyList<Sighting> gallery)
    {
        if (modality != WithinModality.Text)
        {
            CheckEachPictureOnce(gallery, "list");
        }
    }
}
