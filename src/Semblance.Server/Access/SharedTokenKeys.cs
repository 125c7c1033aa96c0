using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Semblance.Gallery.Stores;

namespace Semblance.Server.Access;

/// <summary>The keys that sign forms' tokens, kept in the gallery: a form that one server rendered is accepted by another. Who can read the database can do more than forge a form.</summary>
internal sealed class SharedTokenKeys(IGalleryStore store) : IXmlRepository
{
    private const string Setting = "token-keys";

    // The framework asks for them synchronously, a few times in a server's life.
    public IReadOnlyCollection<XElement> GetAllElements() =>
        store.SettingAsync(Setting).GetAwaiter().GetResult() is { Length: > 0 } text ? [.. XElement.Parse(text).Elements()] : [];

    public void StoreElement(XElement element, string friendlyName) =>
        store.SetAsync(Setting, new XElement("keys", [.. GetAllElements(), element]).ToString(SaveOptions.DisableFormatting)).GetAwaiter().GetResult();
}
