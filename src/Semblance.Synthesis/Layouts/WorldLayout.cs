namespace Semblance.Synthesis.Layouts;

/// <summary>The real set whose files a world imitates.</summary>
public enum WorldLayout
{
    /// <summary>bounding_box_train, bounding_box_test, query; cameras, frames and boxes in the names.</summary>
    Market1501,

    /// <summary>imgs and reid_raw.json with captions; no cameras.</summary>
    CuhkPedes,

    /// <summary>One folder a person; viewpoint, weather, light and place in the names. Training only.</summary>
    FineGpr,

    /// <summary>Market-1501's three folders with DukeMTMC-reID's names.</summary>
    DukeMtmc,

    /// <summary>imgs and ICFG-PEDES.json; training and testing count people by themselves, cameras in the names, one caption a picture.</summary>
    IcfgPedes,

    /// <summary>imgs and data_captions.json; cameras in the names.</summary>
    RstpReid,

    /// <summary>train and test with a folder for each person, and four lists; both sides count people from 0.</summary>
    Msmt17,

    /// <summary>Market-1501's three folders with the names of CUHK03's new protocol: two views, odd cameras the first and even ones the second.</summary>
    Cuhk03Np,

    /// <summary>cropped_images with person and scene in the names; no cameras. Training only.</summary>
    CuhkSysu,

    /// <summary>One folder of pictures, with scene, camera and frame in the names. Training only.</summary>
    RandPerson,

    /// <summary>manifest.json beside pictures that have no names of their own: identities, cameras, splits and captions.</summary>
    Manifest,

    /// <summary>A folder for each camera, and nothing that says who is who: as somebody's own pictures lie on a disk.</summary>
    Images,
}
