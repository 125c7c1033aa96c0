using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Semblance.Server.Access;

/// <summary>Keys and session tokens: 256 random bits each, so that one round of SHA-256 keeps them safe at rest.</summary>
public static class Secrets
{
    /// <summary>Begins every key, so that one that leaks into a text can be found.</summary>
    public const string Prefix = "smb_";

    /// <summary>A new key, shown once.</summary>
    public static string NewKey() => Prefix + Token();

    /// <summary>A new token.</summary>
    public static string Token() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>What is kept of it.</summary>
    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
