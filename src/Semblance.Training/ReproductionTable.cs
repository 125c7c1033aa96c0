namespace Semblance.Training;

/// <summary>The tables of the MMET paper that can be told in a world: the same methods, shared data, steps and seeds, other numbers.</summary>
/// <param name="Key">As the command line names it.</param>
/// <param name="Title">For the report.</param>
/// <param name="Rows">In the paper's order.</param>
public sealed record ReproductionTable(string Key, string Title, IReadOnlyList<ReproductionRow> Rows)
{
    /// <summary>Table 1, ablation (specification, section 12): the headline is image retrieval with pictures alone.</summary>
    public static ReproductionTable MmetTable1 { get; } = new("mmet-table1", "MMET, Table 1: where masks fall", [
        new("baseline", "Baseline: image encoder, identities only", ["stage_a.steps=0", "model.options.fusion_head_weight=0", "model.options.text_head_weight=0"], [EvaluationTask.Image]),
        new("random", "MMET, random masking", ["model.options.image_masking=random"], [EvaluationTask.Image, EvaluationTask.TextToImage]),
        new("pedestrian", "MMET + MMM, pedestrian masking", ["model.options.image_masking=pedestrian"], [EvaluationTask.Image, EvaluationTask.TextToImage]),
    ]);

    /// <summary>Table 2, modalities: each row learns from, and is asked with, what it has; the last one is also asked with one modality alone.</summary>
    public static ReproductionTable MmetTable2 { get; } = new("mmet-table2", "MMET, Table 2: which modality", [
        new("mim", "MMET with MIM: pictures", [
            "stage_a.ratio={image: 1, text: 0, pair: 0}", "model.options.fusion_head_weight=0", "model.options.text_head_weight=0",
        ], [EvaluationTask.WithinImage]),
        new("mlm", "MMET with MLM: captions", [
            "stage_a.ratio={image: 0, text: 1, pair: 0}", "model.options.fusion_head_weight=0", "model.options.image_head_weight=0", "model.options.text_head_weight=1",
        ], [EvaluationTask.WithinText]),
        new("mmm", "MMET with MMM: both", [], [EvaluationTask.WithinPair, EvaluationTask.WithinImage, EvaluationTask.WithinText]),
    ]);

    /// <summary>All tables.</summary>
    public static IReadOnlyList<ReproductionTable> All { get; } = [MmetTable1, MmetTable2];
}
