using Microsoft.Playwright;

namespace Semblance.Server.Tests;

/// <summary>The pages as a person uses them, in Debian's Chromium; elements by role and name.</summary>
public sealed class PagesTests(Premises premises) : IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium";

    /// <summary>Where screenshots go, to be looked at; nowhere when it is not set.</summary>
    private static readonly string? Screenshots = Environment.GetEnvironmentVariable("SEMBLANCE_SCREENSHOTS");

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Chromium))
        {
            return;
        }

        try
        {
            _playwright = await Playwright.CreateAsync();
        }
        catch (PlaywrightException)
        {
            // Its driver runs on the Node that the package brings; where that is missing, the tests say so.
            return;
        }

        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium, Args = ["--no-sandbox"] });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    [Fact]
    public async Task APersonFilesSearchesComparesExplainsAndErases()
    {
        Assert.SkipWhen(_browser is null, "needs Chromium (Debian package chromium)");
        await using var site = await Site.OpenAsync(premises.Copy());
        await site.Store.SetAsync("banner", "Trial: looking for lost children at the fair");
        await using var context = await _browser!.NewContextAsync(new() { BaseURL = site.Address.ToString(), ViewportSize = new() { Width = 1200, Height = 1000 } });
        var page = await context.NewPageAsync();
        List<string> complaints = [];
        page.Console += (_, message) => complaints.Add(message.Type == "error" ? $"{message.Text} {message.Location}" : "");
        page.PageError += (_, error) => complaints.Add(error);

        // Files a folder of pictures, one of them broken.
        var broken = Path.Combine(premises.Fresh(), "broken.jpg");
        Directory.CreateDirectory(Path.GetDirectoryName(broken)!);
        await File.WriteAllTextAsync(broken, "no picture");
        await page.GotoAsync("/file");
        await page.GetByLabel("Camera").FillAsync("entrance");
        await page.GetByLabel("Taken (UTC)").FillAsync("2026-05-01T09:30");
        await page.GetByLabel("Pictures").SetInputFilesAsync([.. premises.Queries.Take(5), broken]);
        await page.GetByRole(AriaRole.Button, new() { Name = "File", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("5 pictures read, 5 of them new; 1 could not be read.")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("broken.jpg")).ToBeVisibleAsync();
        await ShotAsync(page, "file");

        // Searches by words, and by a picture, and by both with a negative.
        await page.GetByRole(AriaRole.Link, new() { Name = "Search", Exact = true }).ClickAsync();
        await page.GetByLabel("In words").FillAsync("a woman in a red coat");
        await page.GetByLabel("Purpose").FillAsync("looking for a lost child, case 17");
        await page.GetByRole(AriaRole.Button, new() { Name = "Search", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "20 answers" })).ToBeVisibleAsync();
        Assert.Contains("text=a%20woman%20in%20a%20red%20coat".Replace("%20", "+", StringComparison.Ordinal), page.Url, StringComparison.Ordinal);
        await ShotAsync(page, "search");
        var byWords = await AnswersAsync(page);
        await page.GetByLabel("Ask with a picture").SetInputFilesAsync(premises.Queries[2]);
        await page.WaitForURLAsync("**picture=**");
        await page.GetByLabel("But not").FillAsync("wearing a hat");
        await page.GetByRole(AriaRole.Button, new() { Name = "Search", Exact = true }).ClickAsync();
        await page.WaitForURLAsync("**not=wearing*");
        await Assertions.Expect(page.GetByAltText("Picture asked with")).ToBeVisibleAsync();
        await ShotAsync(page, "composed");
        Assert.NotEqual(byWords, await AnswersAsync(page));

        // The picture that was just filed is the best answer to itself.
        await page.GetByLabel("In words").FillAsync("");
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove" }).Last.ClickAsync();
        await page.WaitForURLAsync(url => !url.Contains("not=wearing", StringComparison.Ordinal));
        var best = page.GetByRole(AriaRole.Listitem).First;
        await Assertions.Expect(best).ToContainTextAsync("camera entrance");
        await Assertions.Expect(best).ToContainTextAsync("1.00");

        // Compares two, and looks at what the model saw.
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "Compare" }).Nth(0).CheckAsync();
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "Compare" }).Nth(1).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Compare the selected" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Cosine of the identity features")).ToBeVisibleAsync();
        await ShotAsync(page, "compare");
        await page.GetByLabel("Name").FillAsync("Ann");
        await page.GetByRole(AriaRole.Button, new() { Name = "These are one person" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Ann" })).ToBeVisibleAsync();
        await ShotAsync(page, "person");
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new("^Sighting ") }).First.ClickAsync();
        await page.GetByLabel("For these words").FillAsync("a child with a blue hat, a backpack and black shorts");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show what the model looked at" }).ClickAsync();
        var panels = page.GetByAltText("The picture, Grad-CAM over it");
        await Assertions.Expect(panels).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByAltText("once more for each word that adds most")).ToBeVisibleAsync();
        await page.WaitForFunctionAsync("() => [...document.querySelectorAll('img.panels')].every(panels => panels.complete && panels.naturalWidth > 100)");
        await ShotAsync(page, "sighting");

        // Erases it, and finds the erasure in the log.
        var id = page.Url.Split("/sightings/")[1].Split('?')[0];
        await page.GetByLabel("Why it is erased").FillAsync("asked for by the person");
        await page.GetByRole(AriaRole.Button, new() { Name = "Erase this sighting" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Erased" })).ToBeVisibleAsync();
        await ShotAsync(page, "erased");
        Assert.Empty(await site.Store.SightingsAsync([long.Parse(id)]));
        await page.GotoAsync("/audit?verify=1");
        await Assertions.Expect(page.GetByText("hold together")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Row, new() { Name = "asked for by the person" })).ToContainTextAsync($"sighting/{id}");
        await ShotAsync(page, "audit");
        Assert.True(string.Concat(complaints).Length == 0, string.Concat(complaints));
    }

    [Fact]
    public async Task SearchingWorksWithoutJavaScriptAndByKeyboard()
    {
        Assert.SkipWhen(_browser is null, "needs Chromium (Debian package chromium)");
        await using var site = await Site.OpenAsync(premises.Copy(), options => options with { Works = false });
        await using var context = await _browser!.NewContextAsync(new() { BaseURL = site.Address.ToString(), JavaScriptEnabled = false, ColorScheme = ColorScheme.Dark, ViewportSize = new() { Width = 390, Height = 900 } });
        var page = await context.NewPageAsync();
        await page.GotoAsync("/");
        await page.GetByLabel("In words").FocusAsync();
        await page.Keyboard.TypeAsync("a man in a blue jacket");
        await page.GetByLabel("Purpose").FocusAsync();
        await page.Keyboard.TypeAsync("trial");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "20 answers" })).ToBeVisibleAsync();
        await page.GetByLabel("Ask with a picture").SetInputFilesAsync(premises.Queries[1]);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add this picture" }).ClickAsync();
        await Assertions.Expect(page.GetByAltText("Picture asked with")).ToBeVisibleAsync();
        Assert.Equal("a man in a blue jacket", await page.GetByLabel("In words").InputValueAsync());
        await page.GetByRole(AriaRole.Link, new() { Name = "More like this" }).First.ClickAsync();
        Assert.Contains("like=", page.Url, StringComparison.Ordinal);
        await ShotAsync(page, "phone-dark");

        // Nothing sticks out of a phone.
        Assert.True(await page.GetByRole(AriaRole.Main).EvaluateAsync<bool>("main => document.documentElement.scrollWidth <= window.innerWidth"));
    }

    [Fact]
    public async Task CamerasKeysAndSettingsAreKeptByForms()
    {
        Assert.SkipWhen(_browser is null, "needs Chromium (Debian package chromium)");
        await using var site = await Site.OpenAsync(premises.Copy(), options => options with { Works = false });
        await using var context = await _browser!.NewContextAsync(new() { BaseURL = site.Address.ToString() });
        var page = await context.NewPageAsync();
        await page.GotoAsync("/cameras");

        // A form that nobody filled in must not wipe a camera that is there.
        await page.GetByLabel("Camera", new() { Exact = true }).FillAsync("1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("there is a camera 1 already");
        await ShotAsync(page, "problem");
        await page.GotoAsync("/cameras");
        await page.GetByRole(AriaRole.Link, new() { Name = "1", Exact = true }).ClickAsync();
        await page.GetByLabel("Name").FillAsync("Gate <north>");
        await page.GetByLabel("from the left").FillAsync("0.25");
        await page.GetByLabel("from the top").FillAsync("0.5");
        await page.GetByLabel("Kept for (days)").FillAsync("30");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Cell, new() { Name = "Gate <north>" })).ToBeVisibleAsync();
        await ShotAsync(page, "cameras");
        await page.GotoAsync("/settings");
        await page.GetByLabel("What this instance is for").FillAsync("Only for trials");
        await page.GetByLabel("Blur faces in lists").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Note)).ToHaveTextAsync("Only for trials");
        await page.GotoAsync("/sightings");
        await page.GetByLabel("Purpose").FillAsync("trial");
        await page.GetByRole(AriaRole.Button, new() { Name = "Go on" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Article).First).ToBeVisibleAsync();
        await ShotAsync(page, "blurred");
        await page.GotoAsync("/people?threshold=0.75&purpose=trial");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "These are one person" }).First).ToBeVisibleAsync();
        await ShotAsync(page, "suggestions");
        await page.GotoAsync("/settings");
        await page.GetByLabel("Whose").FillAsync("boss");
        await page.GetByLabel("Role").SelectOptionAsync("admin");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make a key" }).ClickAsync();
        var key = await page.Locator("code.secret").TextContentAsync();
        await page.GotoAsync("/settings");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await page.GetByLabel("Your key").FillAsync(key!);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Settings" })).ToBeVisibleAsync();
        Assert.Equal(TimeSpan.FromDays(30), (await site.Store.CamerasAsync()).Single(camera => camera.Id == "1").Retention);
    }

    [Fact]
    public async Task AnAdminChangesTheModel()
    {
        Assert.SkipWhen(_browser is null, "needs Chromium (Debian package chromium)");
        await using var site = await Site.OpenAsync(premises.Copy());
        await using var context = await _browser!.NewContextAsync(new() { BaseURL = site.Address.ToString() });
        var page = await context.NewPageAsync();
        await page.GotoAsync("/settings");
        await page.GetByLabel("ZIP file").SetInputFilesAsync(new FilePayload { Name = "better.zip", MimeType = "application/zip", Buffer = premises.AnotherModel() });
        await page.GetByRole(AriaRole.Button, new() { Name = "Add model" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Cell, new() { Name = "better" })).ToBeVisibleAsync();
        await ShotAsync(page, "settings");
        await page.GetByRole(AriaRole.Button, new() { Name = "Change to it" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Cell, new() { Name = "change to model better" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Row, new() { Name = "change to model better" })).ToContainTextAsync("Finished", new() { Timeout = 60_000 });
        await ShotAsync(page, "change-of-model");
        await page.GotoAsync("/settings");
        await Assertions.Expect(page.GetByRole(AriaRole.Row, new() { Name = "better" })).ToContainTextAsync("Current");
        await page.GetByRole(AriaRole.Button, new() { Name = "Drop with its vectors" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Drop with its vectors" })).ToHaveCountAsync(0);
        Assert.Equal("better", Assert.Single(await site.Store.ModelsAsync()).Encoder.Description);
    }

    private static async Task<string> AnswersAsync(IPage page) => string.Join(' ', await page.GetByRole(AriaRole.Listitem).AllTextContentsAsync());

    private static async Task ShotAsync(IPage page, string name)
    {
        if (Screenshots is not null)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(Screenshots, $"{name}.png") });
        }
    }
}
