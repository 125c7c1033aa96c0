using Semblance.Core;
using Semblance.Models;
using Semblance.Training.Loop;
using Semblance.Training.Recipes;

namespace Semblance.Training.Methods;

/// <summary>A method as the trainer sees it: the stages it goes through, and what comes out.</summary>
internal interface IMethod : IDisposable
{
    /// <summary>The stages that the recipe asks for, in order; each is made when the one before it has ended.</summary>
    IEnumerable<TrainingStage> Stages { get; }

    /// <summary>The network as it is now, for use; borrows it.</summary>
    TorchEncoder Encoder(EncoderOptions run);

    /// <summary>Replaces the start values by other weights.</summary>
    /// <param name="path">As the recipe names them.</param>
    /// <returns>What was taken over, for the record of the run.</returns>
    /// <exception cref="SemblanceFormatException">They do not fit; the message says how.</exception>
    string StartFrom(string path);

    /// <summary>Fills the parts that public weights are named for: the picture stream, the reader of words.</summary>
    /// <returns>What was taken over for each, for the record of the run.</returns>
    /// <exception cref="SemblanceFormatException">They do not fit; the message says how.</exception>
    IReadOnlyDictionary<string, string> TakeParts(ModelRecipe model);

    /// <summary>Writes the trained model.</summary>
    Fingerprint Save(string directory);
}
