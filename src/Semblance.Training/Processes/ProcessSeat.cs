using System.Globalization;
using Semblance.Tensors.Distributed;

namespace Semblance.Training.Processes;

/// <summary>A process's place among those that train together, as who started it says: this program, or a cluster's launcher in torchrun's variables.</summary>
/// <param name="Rank">Its number, from 0.</param>
/// <param name="Size">How many there are.</param>
/// <param name="LocalRank">Its number on its machine, from 0: which of the machine's devices it takes.</param>
/// <param name="LocalSize">How many share the machine.</param>
/// <param name="Place">Where they meet.</param>
internal sealed record ProcessSeat(int Rank, int Size, int LocalRank, int LocalSize, MeetingPlace Place)
{
    private const string Meeting = "SEMBLANCE_MEETING";

    /// <summary>The seat that the environment names; null in a process that was started by itself.</summary>
    /// <exception cref="ArgumentException">It names one in part.</exception>
    public static ProcessSeat? FromEnvironment() => From(Environment.GetEnvironmentVariable);

    public static ProcessSeat? From(Func<string, string?> variable)
    {
        if (variable("WORLD_SIZE") is not { Length: > 0 } || Number("WORLD_SIZE") is not (> 1 and var size))
        {
            return null;
        }

        var rank = Number("RANK");
        var place = variable(Meeting) is { Length: > 0 } file ? MeetingPlace.AtFile(file)
            : variable("MASTER_ADDR") is { Length: > 0 } host ? MeetingPlace.AtPort(host, Number("MASTER_PORT"))
            : throw new ArgumentException("WORLD_SIZE is set, but not where the processes meet: set MASTER_ADDR and MASTER_PORT to a machine and a free port of it (torchrun does), or unset WORLD_SIZE");
        var localSize = variable("LOCAL_WORLD_SIZE") is { Length: > 0 } ? Number("LOCAL_WORLD_SIZE") : 1;
        return new ProcessSeat(rank, size, variable("LOCAL_RANK") is { Length: > 0 } ? Number("LOCAL_RANK") : rank % localSize, localSize, place);

        int Number(string name) => int.TryParse(variable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw new ArgumentException($"{name} is \"{variable(name)}\", expected a whole number: of a process that trains with others, WORLD_SIZE, RANK, MASTER_ADDR and MASTER_PORT say which one it is");
    }

    /// <summary>The seat's variables, for a process that is started to take it.</summary>
    public static IEnumerable<(string Name, string Value)> Variables(int rank, int size, string meeting)
    {
        yield return ("RANK", rank.ToString(CultureInfo.InvariantCulture));
        yield return ("WORLD_SIZE", size.ToString(CultureInfo.InvariantCulture));
        yield return ("LOCAL_RANK", rank.ToString(CultureInfo.InvariantCulture));
        yield return ("LOCAL_WORLD_SIZE", size.ToString(CultureInfo.InvariantCulture));
        yield return (Meeting, meeting);
    }
}
