namespace Semblance.Models.Masking;

/// <summary>A joint that key-point files name.</summary>
public enum BodyJoint
{
    Head, Neck, LeftShoulder, RightShoulder, LeftElbow, RightElbow, LeftWrist, RightWrist, LeftHip, RightHip, LeftKnee, RightKnee, LeftAnkle, RightAnkle,
}

/// <summary>Where a joint is, in pixels of the network's input; it may lie outside.</summary>
/// <param name="Joint">Which one.</param>
/// <param name="X">Column, 0 is the left edge of the first pixel.</param>
/// <param name="Y">Row, 0 is the upper edge of the first pixel.</param>
public readonly record struct BodyPoint(BodyJoint Joint, float X, float Y);
