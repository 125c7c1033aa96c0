namespace Semblance.Gallery.Stores;

/// <summary>The answer to a request that carried an idempotency key, so that asking again gives it again and does nothing.</summary>
/// <param name="Digest">Of the request: the same key with another request is a mistake.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">JSON.</param>
public sealed record RememberedRequest(string Digest, int Status, string Body);
