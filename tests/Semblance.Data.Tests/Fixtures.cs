using System.Text;
using Semblance.Imaging;

namespace Semblance.Data.Tests;

/// <summary>Tiny data sets in the real layouts, with the oddities that the real ones have. No real picture among them.</summary>
internal static class Fixtures
{
    /// <summary>Four training and four test people, three cameras; the well-formed part of <c>mini-market</c>.</summary>
    public static void Market(TemporaryFolder folder, string root = "")
    {
        for (var person = 1; person <= 8; person++)
        {
            for (var camera = 1; camera <= 3; camera++)
            {
                var train = person <= 4;
                Jpeg(folder.File($"{root}{(train ? "bounding_box_train" : "bounding_box_test")}/{person:0000}_c{camera}s1_{person * 100:000000}_01.jpg"), person, camera);
                if (!train)
                {
                    Jpeg(folder.File($"{root}query/{person:0000}_c{camera}s1_{person * 100:000000}_00.jpg"), person, camera);
                }
            }
        }

        Jpeg(folder.File($"{root}bounding_box_test/-1_c1s1_000001_01.jpg"), 90, 1);
        Jpeg(folder.File($"{root}bounding_box_test/0000_c2s1_000002_05.jpg"), 91, 2);
        Jpeg(folder.File($"{root}bounding_box_test/0008_c1s2_000801_02.jpg.jpg"), 8, 1);
        Jpeg(folder.File($"{root}bounding_box_train/0004_c3s3_000401_20.JPG"), 4, 3);
        File.WriteAllText(folder.File($"{root}bounding_box_test/Thumbs.db"), "x");
        File.WriteAllText(folder.File($"{root}bounding_box_train/notes.txt"), "x");
        File.WriteAllText(folder.File($"{root}bounding_box_train/._0001_c1s1_000100_01.jpg"), "x");
        File.WriteAllText(folder.File($"{root}query/anim.gif"), "GIF89a");
        File.WriteAllText(folder.File($"{root}readme.txt"), "x");
    }

    /// <summary>An annotation with a byte-order mark, ids as number and string, ten captions, one plain string, three picture formats.</summary>
    public static void Pedes(TemporaryFolder folder)
    {
        Jpeg(folder.File("imgs/Market/0001.jpg"), 1, 1);
        Png(folder.File("imgs/CUHK01/0002001.png"), 2, 1);
        Png(folder.File("imgs/cam_a/003.bmp"), 3, 1);
        Jpeg(folder.File("imgs/test_query/p4_s1.jpg"), 4, 1);
        Jpeg(folder.File("imgs/test_query/p9_s9.jpg"), 9, 1);
        WriteAnnotation(
            folder,
            """
            [ {"split": "train", "captions": ["A man in red. ", "A man, red."], "file_path": "Market/0001.jpg", "processed_tokens": [["a"], ["a"]], "id": 1},
              {"split": "Train", "captions": "One plain string.", "file_path": "CUHK01\\0002001.png", "id": "2"},
              {"split": "val", "captions": ["Same words.", ""], "file_path": "cam_a/003.bmp", "id": 3},
              {"split": "test", "captions": ["1", "2", "3", "4", "5", "6", "7", "8", "9", "Same words."], "file_path": "test_query/p4_s1.jpg", "id": 4} ]
            """);
    }

    public static void WriteAnnotation(TemporaryFolder folder, string json) =>
        File.WriteAllText(folder.File("reid_raw.json"), json, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));

    /// <summary>Two people with four viewpoints each.</summary>
    public static void FineGpr(TemporaryFolder folder, bool flat = false)
    {
        foreach (var person in new[] { "0001", "0003" })
        {
            foreach (var camera in new[] { 1, 10, 19, 28 })
            {
                var name = new FineGprName(person, camera, Weather: 4, Light: 7, Place: 3).ToString();
                Jpeg(folder.File(flat ? name : $"{person}/{name}"), camera, 1);
            }
        }
    }

    public static Picture Small(int a, int b)
    {
        var rgb = new byte[2 * 4 * 3];
        for (var i = 0; i < rgb.Length; i++)
        {
            rgb[i] = (byte)(((a * 31) + (b * 57) + (i * 11)) % 256);
        }

        return new Picture(2, 4, rgb);
    }

    private static void Jpeg(string path, int a, int b) => File.WriteAllBytes(path, Small(a, b).EncodeJpeg(95));

    private static void Png(string path, int a, int b) => File.WriteAllBytes(path, Small(a, b).EncodePng());
}
