using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Semblance.Imaging;

namespace Semblance.Server.Tests;

/// <summary>A photo of a whole scene asks for one of the people in it, and offers the others.</summary>
public sealed class SceneTests(Premises premises)
{
    [Fact]
    public async Task PeopleOfAScenePhotoAreOfferedAndOneIsAskedFor()
    {
        await using var site = await Site.OpenAsync(premises.Copy());
        using var browser = new Browser(site.Address);
        var photo = premises.Scene(0, 6, 12).EncodeJpeg(95);

        // With the page's script: the API.
        using var sent = Form(photo);
        var kept = await site.Http.PostAsync("/api/searches/pictures", sent).JsonAsync();
        var people = kept.GetProperty("people").EnumerateArray().Select(name => name.GetString()!).ToArray();
        Assert.InRange(people.Length, 2, 4);
        foreach (var name in people)
        {
            var person = PictureReader.Decode(await site.Http.GetByteArrayAsync($"/api/searches/pictures/{name}"), name);
            Assert.False(Scenes.IsScene(person));
        }

        // One person's picture is that person.
        using var single = Form(File.ReadAllBytes(premises.Queries[0]));
        Assert.Empty((await site.Http.PostAsync("/api/searches/pictures", single).JsonAsync()).GetProperty("people").EnumerateArray());

        // Without it: the form leads to an answer about the surest, and each of the others is a link away.
        using var form = Form(photo);
        form.Add(new StringContent(await browser.TokenAsync("/")), "__RequestVerificationToken");
        form.Add(new StringContent("/?purpose=tests"), "back");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/forms/query-picture") { Content = form };
        using var redirected = await browser.SendAsync(request);
        var address = redirected.Headers.Location!.ToString();
        Assert.Single(Regex.Matches(address, "[?&]picture="));
        Assert.Equal(people.Length, Regex.Count(address, "[?&]found="));
        var page = await browser.ReadAsync(address);
        Assert.Contains("Whom do you mean?", page, StringComparison.Ordinal);
        Assert.Contains("class=\"grid\"", page, StringComparison.Ordinal);
        var links = Regex.Matches(page, "<a href=\"([^\"]+)\"[^>]*><img src=\"/api/searches/pictures/").Select(match => System.Net.WebUtility.HtmlDecode(match.Groups[1].Value)).ToArray();
        Assert.Equal(people.Length, links.Length);
        var other = await browser.ReadAsync(links[1]);
        Assert.Contains("class=\"grid\"", other, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(other, "name=\"picture\" value="));
    }

    private static MultipartFormDataContent Form(byte[] picture)
    {
        var part = new ByteArrayContent(picture);
        part.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        return new MultipartFormDataContent { { part, "picture", "scene.jpg" } };
    }
}
