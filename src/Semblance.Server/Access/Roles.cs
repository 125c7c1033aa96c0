namespace Semblance.Server.Access;

/// <summary>What a key allows.</summary>
public static class Roles
{
    /// <summary>Search and look.</summary>
    public const string Viewer = "viewer";

    /// <summary>All of that; file, edit, assign people, erase.</summary>
    public const string Operator = "operator";

    /// <summary>Read and prove the audit log; nothing else.</summary>
    public const string Auditor = "auditor";

    /// <summary>Everything, keys and settings too.</summary>
    public const string Admin = "admin";

    /// <summary>Every role.</summary>
    public static IReadOnlyList<string> All { get; } = [Viewer, Operator, Auditor, Admin];

    /// <summary>Policies are named after the least role that they ask for; the roles that satisfy each.</summary>
    internal static IReadOnlyDictionary<string, string[]> Satisfying { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        [Viewer] = [Viewer, Operator, Admin],
        [Operator] = [Operator, Admin],
        [Auditor] = [Auditor, Admin],
        [Admin] = [Admin],
    };
}
