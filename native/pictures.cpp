// OpenCV and libjpeg behind a C interface: decode, encode, lettering, colour maps, video frames, people and motion.
// Every function returns 0, or 1 with the reason in semblance_pictures_error(). Pixels are 8-bit RGB, row by row, no padding; the caller owns every buffer.
#include <csetjmp>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include <jpeglib.h>
#include <jerror.h>
#include <opencv2/core.hpp>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect.hpp>
#include <opencv2/video/background_segm.hpp>
#include <opencv2/videoio.hpp>

#define EXPORT extern "C" __attribute__((visibility("default")))

namespace {

thread_local std::string last_error;

template <typename Work>
int guarded(Work work) noexcept {
    try {
        work();
        return 0;
    } catch (const cv::Exception& e) {
        last_error = e.err.empty() ? e.what() : e.err;
    } catch (const std::exception& e) {
        last_error = e.what();
    } catch (...) {
        last_error = "an exception of an unknown type";
    }
    return 1;
}

// What libjpeg may find wrong, kept out of its own way of telling: it would print, and end the process.
struct JpegErrors {
    jpeg_error_mgr manager;
    jpeg_progress_mgr progress;
    std::jmp_buf escape;
    char fatal[JMSG_LENGTH_MAX];
    char damage[JMSG_LENGTH_MAX];
};

JpegErrors* errors_of(j_common_ptr jpeg) { return reinterpret_cast<JpegErrors*>(jpeg->err); }

void on_fatal(j_common_ptr jpeg) {
    auto* errors = errors_of(jpeg);
    errors->manager.format_message(jpeg, errors->fatal);
    std::longjmp(errors->escape, 1);
}

// Warnings that mean pixels were made up; the others (odd versions, bytes between segments) leave the picture whole.
void on_warning(j_common_ptr jpeg, int level) {
    auto* errors = errors_of(jpeg);
    const int code = errors->manager.msg_code;
    const bool harmless = code == JWRN_EXTRANEOUS_DATA || code == JWRN_JFIF_MAJOR || code == JWRN_ADOBE_XFORM || code == JWRN_TOO_MUCH_DATA;
    if (level < 0 && !harmless && errors->damage[0] == 0) errors->manager.format_message(jpeg, errors->damage);
}

// A progressive file of a few kilobytes can ask for thousands of passes over a large picture.
void on_progress(j_common_ptr jpeg) {
    constexpr int most_scans = 200;
    if (!jpeg->is_decompressor || reinterpret_cast<j_decompress_ptr>(jpeg)->input_scan_number <= most_scans) return;
    auto* errors = errors_of(jpeg);
    std::snprintf(errors->fatal, sizeof errors->fatal, "more than %d scans", most_scans);
    std::longjmp(errors->escape, 1);
}

// longjmp skips destructors, so nothing here has one. Returns false with errors.fatal set.
bool decode_jpeg(const uint8_t* bytes, size_t length, int width, int height, uint8_t* rgb, uint8_t* row, JpegErrors& errors) {
    jpeg_decompress_struct jpeg;
    jpeg.err = jpeg_std_error(&errors.manager);
    errors.manager.error_exit = on_fatal;
    errors.manager.emit_message = on_warning;
    errors.fatal[0] = errors.damage[0] = 0;
    jpeg_create_decompress(&jpeg);
    if (setjmp(errors.escape)) {
        jpeg_destroy_decompress(&jpeg);
        return false;
    }
    errors.progress.progress_monitor = on_progress;
    jpeg.progress = &errors.progress;
    jpeg_mem_src(&jpeg, bytes, length);
    jpeg_read_header(&jpeg, TRUE);
    const bool four = jpeg.jpeg_color_space == JCS_CMYK || jpeg.jpeg_color_space == JCS_YCCK;
    const bool inverted = jpeg.saw_Adobe_marker;
    jpeg.out_color_space = four ? JCS_CMYK : JCS_RGB;
    jpeg_start_decompress(&jpeg);
    if (static_cast<int>(jpeg.output_width) != width || static_cast<int>(jpeg.output_height) != height) {
        std::snprintf(errors.fatal, sizeof errors.fatal, "the header declares %d x %d pixels, the data hold %u x %u", width, height,
                      jpeg.output_width, jpeg.output_height);
        jpeg_destroy_decompress(&jpeg);
        return false;
    }
    while (jpeg.output_scanline < jpeg.output_height) {
        uint8_t* line = rgb + static_cast<size_t>(jpeg.output_scanline) * width * 3;
        uint8_t* target = four ? row : line;
        jpeg_read_scanlines(&jpeg, &target, 1);
        if (!four) continue;
        for (int x = 0; x < width; x++) {
            const uint8_t* ink = row + 4 * x;
            const int k = inverted ? ink[3] : 255 - ink[3];
            for (int c = 0; c < 3; c++) line[3 * x + c] = static_cast<uint8_t>((inverted ? ink[c] : 255 - ink[c]) * k / 255);
        }
    }
    jpeg_finish_decompress(&jpeg);
    jpeg_destroy_decompress(&jpeg);
    return true;
}

cv::Mat view(const uint8_t* pixels, int width, int height, int channels) {
    return cv::Mat(height, width, CV_8UC(channels), const_cast<uint8_t*>(pixels));
}

cv::Mat decode_any(const uint8_t* bytes, size_t length, int width, int height, int flags) {
    const cv::Mat input(1, static_cast<int>(length), CV_8UC1, const_cast<uint8_t*>(bytes));
    cv::Mat decoded = cv::imdecode(input, flags);
    if (decoded.empty()) throw std::runtime_error("the data cannot be decoded");
    if (decoded.cols != width || decoded.rows != height)
        throw std::runtime_error("the header declares " + std::to_string(width) + " x " + std::to_string(height) + " pixels, the data hold " +
                                 std::to_string(decoded.cols) + " x " + std::to_string(decoded.rows));
    return decoded;
}

}  // namespace

EXPORT const char* semblance_pictures_error() { return last_error.c_str(); }

// One thread per call: pictures are small and the callers are threads already. Nothing is printed; errors travel as text.
EXPORT int semblance_pictures_setup() {
    return guarded([] {
        cv::setNumThreads(1);
        cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
        setenv("OPENCV_FFMPEG_LOGLEVEL", "-8", 0);
    });
}

// damage: room for JMSG_LENGTH_MAX (200) bytes; text of the first fault that made libjpeg invent pixels, or empty.
EXPORT int semblance_decode_jpeg(const uint8_t* bytes, size_t length, int width, int height, uint8_t* rgb, char* damage) {
    return guarded([&] {
        std::vector<uint8_t> row(static_cast<size_t>(width) * 4);
        JpegErrors errors{};
        if (!decode_jpeg(bytes, length, width, height, rgb, row.data(), errors)) throw std::runtime_error(errors.fatal);
        std::memcpy(damage, errors.damage, sizeof errors.damage);
    });
}

// PNG, BMP, WebP. blend: composite alpha over white; otherwise a fourth channel is dropped.
EXPORT int semblance_decode(const uint8_t* bytes, size_t length, int width, int height, int blend, uint8_t* rgb) {
    return guarded([&] {
        cv::Mat decoded = decode_any(bytes, length, width, height, blend ? cv::IMREAD_UNCHANGED : cv::IMREAD_COLOR | cv::IMREAD_IGNORE_ORIENTATION);
        if (decoded.depth() == CV_16U) decoded.convertTo(decoded, CV_8U, 1.0 / 257.0);
        if (decoded.depth() != CV_8U) throw std::runtime_error("the samples are neither 8 nor 16 bits wide");
        cv::Mat target = view(rgb, width, height, 3);
        if (decoded.channels() == 1) {
            cv::cvtColor(decoded, target, cv::COLOR_GRAY2RGB);
        } else if (decoded.channels() == 3) {
            cv::cvtColor(decoded, target, cv::COLOR_BGR2RGB);
        } else if (decoded.channels() == 4) {
            for (int y = 0; y < height; y++) {
                const uint8_t* from = decoded.ptr(y);
                uint8_t* to = target.ptr(y);
                for (int x = 0; x < width; x++) {
                    const int alpha = from[4 * x + 3];
                    for (int c = 0; c < 3; c++) to[3 * x + c] = static_cast<uint8_t>((from[4 * x + 2 - c] * alpha + 255 * (255 - alpha) + 127) / 255);
                }
            }
        } else {
            throw std::runtime_error(std::to_string(decoded.channels()) + " channels, expected 1, 3 or 4");
        }
    });
}

EXPORT int semblance_decode_labels(const uint8_t* bytes, size_t length, int width, int height, uint8_t* labels) {
    return guarded([&] {
        const cv::Mat decoded = decode_any(bytes, length, width, height, cv::IMREAD_UNCHANGED);
        if (decoded.type() != CV_8UC1)
            throw std::runtime_error(std::to_string(decoded.channels()) + " channels of " + std::to_string(8 * decoded.elemSize1()) +
                                     " bits, expected one of 8 bits: a map of labels is a grey PNG");
        decoded.copyTo(view(labels, width, height, 1));
    });
}

// format: ".jpg", ".png", ".webp"; channels 1 or 3. The bytes stay in *encoded until semblance_bytes_free.
EXPORT int semblance_encode(const uint8_t* pixels, int width, int height, int channels, const char* format, int quality, std::vector<uint8_t>** encoded) {
    return guarded([&] {
        const cv::Mat given = view(pixels, width, height, channels);
        cv::Mat bgr = given;
        if (channels == 3) {
            bgr = cv::Mat();
            cv::cvtColor(given, bgr, cv::COLOR_RGB2BGR);
        }
        std::vector<int> options;
        if (std::strcmp(format, ".jpg") == 0) options = {cv::IMWRITE_JPEG_QUALITY, quality};
        if (std::strcmp(format, ".webp") == 0) options = {cv::IMWRITE_WEBP_QUALITY, quality};
        if (std::strcmp(format, ".png") == 0) options = {cv::IMWRITE_PNG_COMPRESSION, quality};
        auto bytes = std::make_unique<std::vector<uint8_t>>();
        if (!cv::imencode(format, bgr, *bytes, options)) throw std::runtime_error("the encoder refused the picture");
        *encoded = bytes.release();
    });
}

EXPORT const uint8_t* semblance_bytes_data(const std::vector<uint8_t>* bytes) { return bytes->data(); }
EXPORT size_t semblance_bytes_length(const std::vector<uint8_t>* bytes) { return bytes->size(); }
EXPORT void semblance_bytes_free(std::vector<uint8_t>* bytes) { delete bytes; }

// Anti-aliased Hershey lettering; x, y is the left end of the base line.
EXPORT int semblance_text(uint8_t* rgb, int width, int height, const char* text, int x, int y, double scale, int thickness, int red, int green, int blue) {
    return guarded([&] {
        cv::Mat picture = view(rgb, width, height, 3);
        cv::putText(picture, text, cv::Point(x, y), cv::FONT_HERSHEY_SIMPLEX, scale, cv::Scalar(red, green, blue), thickness, cv::LINE_AA);
    });
}

EXPORT int semblance_text_size(const char* text, double scale, int thickness, int* width, int* height, int* descent) {
    return guarded([&] {
        const cv::Size size = cv::getTextSize(text, cv::FONT_HERSHEY_SIMPLEX, scale, thickness, descent);
        *width = size.width;
        *height = size.height;
    });
}

// table: 256 RGB triples.
EXPORT int semblance_colour_map(int map, uint8_t* table) {
    return guarded([&] {
        cv::Mat ramp(1, 256, CV_8UC1), colours;
        for (int i = 0; i < 256; i++) ramp.at<uint8_t>(i) = static_cast<uint8_t>(i);
        cv::applyColorMap(ramp, colours, map);
        cv::Mat target = view(table, 256, 1, 3);
        cv::cvtColor(colours, target, cv::COLOR_BGR2RGB);
    });
}

EXPORT int semblance_video_open(const char* path, cv::VideoCapture** video, int* width, int* height, double* rate, int64_t* frames) {
    return guarded([&] {
        auto capture = std::make_unique<cv::VideoCapture>();
        // FFmpeg by name: the other back ends would take the path for a camera, a pipeline or a pattern of file names.
        if (!capture->open(path, cv::CAP_FFMPEG)) throw std::runtime_error("no video stream can be opened");
        *width = static_cast<int>(capture->get(cv::CAP_PROP_FRAME_WIDTH));
        *height = static_cast<int>(capture->get(cv::CAP_PROP_FRAME_HEIGHT));
        *rate = capture->get(cv::CAP_PROP_FPS);
        *frames = static_cast<int64_t>(capture->get(cv::CAP_PROP_FRAME_COUNT));
        *video = capture.release();
    });
}

// Moves to the next frame without turning it into pixels; *got is 0 at the end. milliseconds: the frame's own time stamp.
EXPORT int semblance_video_next(cv::VideoCapture* video, int* got, double* milliseconds) {
    return guarded([&] {
        *got = video->grab() ? 1 : 0;
        *milliseconds = *got ? video->get(cv::CAP_PROP_POS_MSEC) : 0;
    });
}

EXPORT int semblance_video_picture(cv::VideoCapture* video, int width, int height, uint8_t* rgb) {
    return guarded([&] {
        cv::Mat frame;
        if (!video->retrieve(frame) || frame.empty()) throw std::runtime_error("a frame cannot be decoded");
        if (frame.cols != width || frame.rows != height || frame.type() != CV_8UC3)
            throw std::runtime_error("a frame of " + std::to_string(frame.cols) + " x " + std::to_string(frame.rows) + " in a video of " +
                                     std::to_string(width) + " x " + std::to_string(height));
        cv::Mat target = view(rgb, width, height, 3);
        cv::cvtColor(frame, target, cv::COLOR_BGR2RGB);
    });
}

EXPORT void semblance_video_close(cv::VideoCapture* video) { delete video; }

// OpenCV's own pedestrian model: histograms of oriented gradients in a window of 64 x 128, linear SVM (Dalal and Triggs 2005).
EXPORT int semblance_people_create(cv::HOGDescriptor** detector) {
    return guarded([&] {
        auto hog = std::make_unique<cv::HOGDescriptor>();
        hog->setSVMDetector(cv::HOGDescriptor::getDefaultPeopleDetector());
        *detector = hog.release();
    });
}

// Raw windows, no grouping: five numbers each (x, y, width, height, margin of the SVM). *count is how many there are, though at most `room` are written.
EXPORT int semblance_people_detect(const cv::HOGDescriptor* detector, const uint8_t* rgb, int width, int height, double margin, int stride, double scale,
                                   double* windows, int room, int* count) {
    return guarded([&] {
        cv::Mat bgr;
        cv::cvtColor(view(rgb, width, height, 3), bgr, cv::COLOR_RGB2BGR);
        std::vector<cv::Rect> found;
        std::vector<double> weights;
        detector->detectMultiScale(bgr, found, weights, margin, cv::Size(stride, stride), cv::Size(0, 0), scale, 0);
        *count = static_cast<int>(found.size());
        for (int i = 0; i < *count && i < room; i++) {
            const double values[] = {double(found[i].x), double(found[i].y), double(found[i].width), double(found[i].height), weights[i]};
            std::memcpy(windows + 5 * i, values, sizeof values);
        }
    });
}

EXPORT void semblance_people_free(cv::HOGDescriptor* detector) { delete detector; }

// Mixture of Gaussians per pixel (Zivkovic 2004), with shadows told apart.
EXPORT int semblance_background_create(int history, double threshold, double share, cv::Ptr<cv::BackgroundSubtractorMOG2>** background) {
    return guarded([&] {
        auto model = cv::createBackgroundSubtractorMOG2(history, threshold, true);
        model->setBackgroundRatio(share);
        *background = new cv::Ptr<cv::BackgroundSubtractorMOG2>(model);
    });
}

// mask: 1 where something moves, 0 elsewhere; shadows count as background, specks are dropped and gaps closed. rate: -1 lets the model choose, 0 learns nothing.
EXPORT int semblance_background_apply(cv::Ptr<cv::BackgroundSubtractorMOG2>* background, const uint8_t* rgb, int width, int height, double rate, uint8_t* mask) {
    return guarded([&] {
        cv::Mat raw;
        (*background)->apply(view(rgb, width, height, 3), raw, rate);
        cv::Mat moving = raw == 255;
        cv::morphologyEx(moving, moving, cv::MORPH_OPEN, cv::getStructuringElement(cv::MORPH_ELLIPSE, cv::Size(3, 3)));
        cv::morphologyEx(moving, moving, cv::MORPH_CLOSE, cv::getStructuringElement(cv::MORPH_ELLIPSE, cv::Size(5, 9)));
        cv::Mat target = view(mask, width, height, 1);
        cv::min(moving, 1, target);
    });
}

EXPORT void semblance_background_free(cv::Ptr<cv::BackgroundSubtractorMOG2>* background) { delete background; }
