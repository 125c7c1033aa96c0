using Semblance.Data;

namespace Semblance.Training.Samples;

/// <summary>One picture to learn from, with labels that hold across all sources.</summary>
/// <param name="Index">Place among the samples; keys its randomness and its place in the picture store.</param>
/// <param name="Record">As its data set gave it.</param>
/// <param name="Pictures">Where its pixels come from.</param>
/// <param name="Identity">0 .. C - 1 in training; people held out for validation have numbers of their own from 0.</param>
/// <param name="Source">Which source it belongs to, from 0.</param>
internal sealed record Sample(int Index, PersonRecord Record, IPictureSource Pictures, int Identity, int Source)
{
    /// <summary>The record as samplers see it: told apart across sources by its label.</summary>
    public PersonRecord Labelled => Record with { Dataset = "samples", RawId = Identity.ToString() };
}
